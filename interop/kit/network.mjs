import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
const made = new Set();
process.on('exit', () => made.forEach((network) => network.close()));

/**
 * A server's network and several others, as namespaces of Linux: each of those reaches the server's address, and no other one.
 * It needs root.
 */
export class Network {
  static server = '10.77.0.1';

  /** Whether this machine lets one make networks. */
  static get isPossible() {
    try {
      ip('netns', 'add', `cardea-${process.pid}-probe`);
      ip('netns', 'del', `cardea-${process.pid}-probe`);
      return true;
    } catch {
      return false;
    }
  }

  constructor(count) {
    made.add(this);
    this.name = `cardea-${process.pid}`;
    const home = `${this.name}-s`;
    this.names = [home];
    ip('netns', 'add', home);
    ip('-n', home, 'link', 'set', 'lo', 'up');
    ip('-n', home, 'addr', 'add', `${Network.server}/32`, 'dev', 'lo');
    for (let i = 1; i <= count; i++) {
      const name = `${this.name}-${i}`;
      this.names.push(name);
      ip('netns', 'add', name);
      ip('-n', home, 'link', 'add', `to${i}`, 'type', 'veth', 'peer', 'name', 'home', 'netns', name);
      ip('-n', home, 'addr', 'add', `10.77.${i}.1/24`, 'dev', `to${i}`);
      ip('-n', home, 'link', 'set', `to${i}`, 'up');
      ip('-n', name, 'link', 'set', 'lo', 'up');
      ip('-n', name, 'addr', 'add', `10.77.${i}.2/24`, 'dev', 'home');
      ip('-n', name, 'link', 'set', 'home', 'up');
      ip('-n', name, 'route', 'add', `${Network.server}/32`, 'via', `10.77.${i}.1`);
    }
  }

  /**
   * One more network, `10.77.<index>00.2`, that is reached only through the one with the index, over a link that takes packets of
   * `mtu` bytes and none longer. Its own index.
   */
  behind(index, mtu) {
    const [home, router, name] = [this.names[0], this.names[index], `${this.name}-${index}b`];
    const [there, here] = [`10.77.${index}00.2`, `10.77.${index}00.1`];
    ip('netns', 'add', name);
    ip('-n', router, 'link', 'add', 'behind', 'type', 'veth', 'peer', 'name', 'home', 'netns', name);
    for (const [where, link, address] of [[router, 'behind', here], [name, 'home', there]]) {
      ip('-n', where, 'addr', 'add', `${address}/24`, 'dev', link);
      ip('-n', where, 'link', 'set', link, 'mtu', mtu, 'up');
    }
    ip('netns', 'exec', router, 'sysctl', '-q', 'net.ipv4.ip_forward=1');
    ip('-n', name, 'route', 'add', 'default', 'via', here);
    ip('-n', home, 'route', 'add', `${there}/32`, 'via', `10.77.${index}.2`);
    return this.names.push(name) - 1;
  }

  /** Whether packets of one have a way to another at all; 0 is the server's. */
  hasWay(from, to) {
    try {
      ip('-n', this.names[from], 'route', 'get', `10.77.${to}.2`);
      return true;
    } catch {
      return false;
    }
  }

  /** A program that runs another one in one of the networks; 0 is the server's. */
  async into(index, program) {
    const file = join(await mkdtemp(join(tmpdir(), 'cardea-network-')), 'run');
    await writeFile(file, `#!/bin/sh\nexec ip netns exec ${this.names[index]} ${program} "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  close() {
    if (!made.delete(this)) return;
    for (const name of this.names) {
      try { ip('netns', 'del', name); } catch { /* it was never made */ }
    }
  }
}
