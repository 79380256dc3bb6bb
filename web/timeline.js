import { seal } from './people.js';

const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });

/** What was said, in the order of the server's offsets; counts what is missing or came twice. */
export class Timeline {
  last = 0;
  missing = 0;
  twice = 0;
  recovered = 0;
  #list;
  #people;

  constructor(list, people) {
    this.#list = list;
    this.#people = people;
  }

  /** A new start: the next live publication may have any offset. */
  restart() {
    this.last = 0;
    this.#list.querySelectorAll('[data-offset]').forEach((item) => item.remove());
  }

  show({ offset, data, info }, { live = false, recovery } = {}) {
    if (this.#list.querySelector(`[data-offset="${offset}"]`)) {
      if (live) this.twice++; // history and live overlap on load; twice live would be a fault
      return;
    }
    if (live) {
      if (this.last && offset > this.last + 1) this.missing += offset - this.last - 1;
      this.last = Math.max(this.last, offset);
      if (recovery) { this.recovered++; recovery.count++; }
    }
    if (info) this.#people.learn(info.client, data.name);
    const item = data.kind === 'hello' ? hello(data) : said(data, data.name === this.#people.myName);
    item.dataset.offset = offset;
    item.classList.toggle('recovered', Boolean(recovery));
    this.#insert(item, offset);
  }

  note(kind, text) {
    const item = document.createElement('li');
    item.className = `note ${kind}`;
    const label = document.createElement('span');
    label.textContent = text;
    item.append(label);
    this.#insert(item, Infinity);
    return label;
  }

  /** A note that stands before the recovered messages and counts them. */
  recovery() {
    const label = this.note('mended', 'Back. Recovering…');
    return {
      count: 0,
      done() {
        label.textContent = this.count === 0 ? 'Back. You missed nothing.'
          : `Recovered ${this.count} ${this.count === 1 ? 'message' : 'messages'}`;
      },
    };
  }

  #insert(item, offset) {
    const list = this.#list;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    let before = null;
    for (let at = list.lastElementChild; at; at = at.previousElementSibling) {
      if (!(Number(at.dataset.offset) > offset)) break;
      before = at;
    }
    list.insertBefore(item, before);
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
}

function said({ name, text, time }, mine) {
  const item = document.createElement('li');
  item.className = mine ? 'said mine' : 'said';
  const who = document.createElement('b');
  who.textContent = name;
  const when = document.createElement('time');
  when.textContent = clock.format(time);
  const words = document.createElement('p');
  words.textContent = text;
  item.append(seal(String(name)), who, when, words);
  return item;
}

function hello({ name, text }) {
  const item = document.createElement('li');
  item.className = 'hello';
  item.textContent = `${name} ${text}`;
  return item;
}
