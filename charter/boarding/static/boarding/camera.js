// The camera's picture, frame by frame, until it is stopped; and its torch.

const WIDTH = 640;
const EVERY = 120; // ms between two looks

async function look(video, decode, onText) {
  const canvas = look.canvas ??= document.createElement("canvas");
  const context = look.context ??= canvas.getContext("2d", { willReadFrequently: true });
  if (video.videoWidth && !document.hidden && !video.dataset.held) {
    canvas.width = Math.min(WIDTH, video.videoWidth);
    canvas.height = Math.round(video.videoHeight * (canvas.width / video.videoWidth));
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const text = await decode(context.getImageData(0, 0, canvas.width, canvas.height)).catch(() => null);
    if (text && !video.dataset.held) await onText(text);
  }
  setTimeout(look, EVERY, video, decode, onText);
}

// Start it on a <video>; `onText` gets what each frame shows. Returns the track, or null where there is no camera.
export async function startCamera(video, decode, onText) {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    await video.play();
  } catch {
    return null;
  }
  look(video, decode, onText);
  return video.srcObject.getVideoTracks()[0];
}

// Whether this camera has a lamp that a page may switch.
export const hasTorch = (track) => Boolean(track?.getCapabilities?.().torch);

export async function setTorch(track, lit) {
  await track.applyConstraints({ advanced: [{ torch: lit }] });
}
