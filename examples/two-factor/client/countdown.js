// Counts seconds down to zero. It reads the clock at every tick, so a sleeping laptop does not stretch a code's life.

export class Countdown {
  #timer = 0;

  // Calls tick(seconds left, whole) at once and every second; the last call is tick(0).
  start(seconds, tick) {
    this.stop();
    const end = Date.now() + seconds * 1000;
    const step = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      if (left === 0) this.stop();
      tick(left);
    };
    this.#timer = setInterval(step, 1000);
    step();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }
}

// "4:05"
export const clock = seconds => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
