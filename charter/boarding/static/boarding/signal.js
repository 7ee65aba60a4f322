// Sound and vibration of a verdict: three that differ without looking.

const TONES = { go: [[880, 0.12]], look: [[440, 0.15], [440, 0.15]], stop: [[180, 0.5]] };
const SHAKES = { go: [60], look: [80, 60, 80], stop: [400] };
let audio = null;

// Browsers let a page sound only after a tap, and the first sound takes a while: begin with the tap that starts scanning.
export function readySound() {
  try {
    audio ??= new AudioContext();
    audio.resume();
  } catch {
    audio = null;
  }
}

export function signal(verdict) {
  navigator.vibrate?.(SHAKES[verdict]);
  try {
    audio ??= new AudioContext();
    let start = audio.currentTime;
    for (const [pitch, length] of TONES[verdict]) {
      const tone = audio.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(audio.destination);
      tone.start(start);
      tone.stop(start + length);
      start += length + 0.06;
    }
  } catch {
    audio = null; // a phone without sound still shows and shakes
  }
}
