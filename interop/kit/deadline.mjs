const MILLIS = 8000;

/** The promise's value, or an error that says what didn't happen in time. */
export async function within(promise, what, millis = MILLIS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${millis} ms: ${typeof what === 'function' ? what() : what}`)), millis);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The next `event` of an emitter for which `test` holds. */
export function next(emitter, event, test = () => true) {
  const promise = new Promise((resolve) => {
    const listen = (value) => {
      if (!test(value)) return;
      emitter.off(event, listen);
      resolve(value);
    };
    emitter.on(event, listen);
  });
  return within(promise, `event '${event}'`);
}

/** A list that can be waited for. */
export class Tape {
  items = [];
  #waiting = new Set();

  push(item) {
    this.items.push(item);
    for (const look of this.#waiting) look();
  }

  /** Resolves to the items once `test` holds for them. */
  until(test, what, millis) {
    let look;
    const promise = new Promise((resolve) => {
      look = () => { if (test(this.items)) resolve(this.items); };
      this.#waiting.add(look);
      look();
    });
    const tail = () => `${what}; seen ${this.items.length}, last: ${JSON.stringify(this.items.slice(-3))?.slice(0, 300)}`;
    return within(promise, tail, millis).finally(() => this.#waiting.delete(look));
  }

  count(number, millis) {
    return this.until((items) => items.length >= number, `${number} items`, millis);
  }
}

/** Everything that an emitter emits under one name, as a tape. */
export function record(emitter, event, map = (value) => value) {
  const tape = new Tape();
  emitter.on(event, (value) => tape.push(map(value)));
  return tape;
}

/** Asks again until the answer passes: for state that no event announces. */
export async function eventually(ask, test, what, millis = MILLIS) {
  let answer;
  const asking = (async () => {
    for (;;) {
      answer = await ask();
      if (test(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return within(asking, () => `${what}; last answer ${JSON.stringify(answer)}`, millis);
}
