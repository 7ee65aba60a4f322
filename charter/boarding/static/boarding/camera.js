// The camera's picture, frame by frame, until it is stopped.

const WIDTH = 640;
const EVERY = 120; // ms between two looks

// Start it on a <video>; `onText` gets what each frame shows. Returns false where there is no camera.
export async function startCamera(video, decode, onText) {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    await video.play();
  } catch {
    return false;
  }
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const look = async () => {
    if (video.videoWidth && !document.hidden && !video.dataset.held) {
      canvas.width = Math.min(WIDTH, video.videoWidth);
      canvas.height = Math.round(video.videoHeight * (canvas.width / video.videoWidth));
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = await decode(context.getImageData(0, 0, canvas.width, canvas.height)).catch(() => null);
      if (text && !video.dataset.held) await onText(text);
    }
    setTimeout(look, EVERY);
  };
  look();
  return true;
}
