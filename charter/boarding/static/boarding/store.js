// What the phone keeps in IndexedDB: token, list, keys and unsent scans. Never a name.

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open("charter-scan", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("kept");
    request.result.createObjectStore("scans", { keyPath: "scan_id" });
  };
  return asPromise(request);
}

const database = open();

async function on(store, mode, work) {
  const transaction = (await database).transaction(store, mode);
  const result = asPromise(work(transaction.objectStore(store)));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  return result;
}

export const get = (key) => on("kept", "readonly", (store) => store.get(key));
export const put = (key, value) => on("kept", "readwrite", (store) => store.put(value, key));
export const scans = () => on("scans", "readonly", (store) => store.getAll());
export const keepScan = (scan) => on("scans", "readwrite", (store) => store.put(scan));

// Forget everything: the trip has ended, or the phone was revoked.
export async function forget() {
  await on("kept", "readwrite", (store) => store.clear());
  await on("scans", "readwrite", (store) => store.clear());
}
