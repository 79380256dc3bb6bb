/** Who is in the room: presence by connection, names as they become known. */
export class People {
  me = '';
  myName = '';
  #present = new Map(); // connection id -> user id
  #names = new Map(); // connection id -> name
  #list;
  #count;

  constructor(list, count) {
    this.#list = list;
    this.#count = count;
  }

  replace(clients) {
    this.#present = new Map(Object.values(clients).map(({ client, user }) => [client, user]));
    this.#draw();
  }

  add({ client, user }) {
    this.#present.set(client, user);
    this.#draw();
  }

  remove({ client }) {
    this.#present.delete(client);
    this.#draw();
  }

  learn(client, name) {
    if (this.#names.get(client) === name) return;
    this.#names.set(client, name);
    if (this.#present.has(client)) this.#draw();
  }

  #draw() {
    const rows = [...this.#present].map(([client, user]) => ({
      mine: client === this.me,
      name: client === this.me ? this.myName : this.#names.get(client) || user || `guest ${client.slice(0, 4)}`,
    }));
    rows.sort((a, b) => b.mine - a.mine || a.name.localeCompare(b.name));
    this.#count.textContent = rows.length;
    this.#list.replaceChildren(...rows.map(({ name, mine }) => {
      const row = document.createElement('li');
      row.append(seal(name), name);
      if (mine) row.insertAdjacentHTML('beforeend', ' <span class="soft">(you)</span>');
      return row;
    }));
  }
}

/** A round seal with the name's first letter, in a colour that is always the same for a name. */
export function seal(name) {
  const element = document.createElement('span');
  element.className = 'seal';
  element.ariaHidden = 'true';
  element.textContent = [...name][0]?.toUpperCase() ?? '?';
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 360;
  element.style.setProperty('--hue', hash);
  return element;
}
