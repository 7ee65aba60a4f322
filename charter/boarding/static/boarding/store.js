// What the phone keeps in IndexedDB: token, key, sealed lists, unsent scans and notes. Never a name.

const STORES = { kept: undefined, scans: { keyPath: "scan_id" }, outbox: { keyPath: "id" } };

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open("charter-scan", 2);
  request.onupgradeneeded = () => {
    for (const [name, options] of Object.entries(STORES)) {
      if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, options);
    }
  };
  return asPromise(request);
}

const database = open();

async function on(store, mode, work) {
  const transaction = (await database).transaction(store, mode, { durability: "strict" });
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
export const notes = () => on("outbox", "readonly", (store) => store.getAll());
export const keepNote = (note) => on("outbox", "readwrite", (store) => store.put(note));
export const dropNote = (id) => on("outbox", "readwrite", (store) => store.delete(id));

// Forget everything: the trip has ended, or the phone was revoked.
export async function forget() {
  for (const name of Object.keys(STORES)) await on(name, "readwrite", (store) => store.clear());
}
