/** The server's HTTP API. */
export class Api {
  constructor(page, key) {
    this.page = page;
    this.key = key;
  }

  /** The result; an error answer is thrown with its code. */
  async call(method, params = {}) {
    const response = await this.post(method, params);
    if (response.status !== 200) throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    const { result, error } = await response.json();
    if (error) throw Object.assign(new Error(error.message), { code: error.code });
    return result;
  }

  post(method, params, headers = { 'X-API-Key': this.key }) {
    return fetch(`${this.page}/api/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(params),
    });
  }

  publish(channel, data, more = {}) {
    return this.call('publish', { channel, data, ...more });
  }
}
