// Reads QR codes: the browser's own detector where it really decodes a known picture, else zxing in WebAssembly.

const WASM = "/static/vendor/zxing/zxing_reader.wasm";

async function native(knownPicture) {
  if (!("BarcodeDetector" in window)) return null;
  try {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const found = await detector.detect(knownPicture.image);
    if (found[0]?.rawValue !== knownPicture.text) return null;
    return async (frame) => (await detector.detect(frame))[0]?.rawValue ?? null;
  } catch {
    return null;
  }
}

async function webAssembly() {
  const { prepareZXingModule, readBarcodes } = await import("/static/vendor/zxing/reader/index.js");
  await prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
  return async (frame) => {
    const found = await readBarcodes(frame, { formats: ["QRCode"], maxNumberOfSymbols: 1, tryInvert: false });
    return found[0]?.isValid === false ? null : (found[0]?.text ?? null);
  };
}

// A function from ImageData to the text of its QR or null. `knownPicture` is {image, text}.
export async function makeDecoder(knownPicture) {
  return (await native(knownPicture)) ?? webAssembly();
}
