// <cardea-header>: the mark, the links, and a door that stands open while the page is connected.
const pages = [
  ['chat.html', 'Chat'],
  ['dashboard.html', 'Dashboard'],
];

const mark = `
<svg viewBox="0 0 32 32" aria-hidden="true">
  <path d="M3 5h10v22H3z" fill="var(--verdigris)"/>
  <path d="M19 5l10 3.5v15L19 27z" fill="var(--verdigris)" opacity=".72"/>
  <circle cx="7.5" cy="10" r="1.5" fill="var(--leaf)"/><circle cx="7.5" cy="22" r="1.5" fill="var(--leaf)"/>
  <circle cx="24.5" cy="11.5" r="1.3" fill="var(--leaf)"/><circle cx="24.5" cy="20.5" r="1.3" fill="var(--leaf)"/>
  <path d="M12.5 2.5h7v5h-7zM12.5 13.8h7v4.6h-7zM12.5 24.6h7v5h-7z" fill="var(--brass)"/>
  <path d="M12.5 8h7v5.2h-7zM12.5 19h7v5h-7z" fill="var(--verdigris)"/>
</svg>`;

const words = { connected: 'Door open', connecting: 'Opening the door…', disconnected: 'Door shut' };

class CardeaHeader extends HTMLElement {
  connectedCallback() {
    const here = location.pathname.split('/').pop();
    this.innerHTML = `
      <div>
        <a class="name" href="./" ${here === '' || here === 'index.html' ? 'aria-current="page"' : ''}>${mark}<span>Cardea</span></a>
        <nav aria-label="Demos">${pages.map(([href, title]) =>
          `<a href="${href}" ${here === href ? 'aria-current="page"' : ''}>${title}</a>`).join('')}</nav>
        <div class="door" role="status">
          <svg viewBox="0 0 18 22" aria-hidden="true"><path class="frame" d="M2 21.5V1h14v20.5z"/><path class="panel" d="M3 2h12v19H3z"/></svg>
          <span></span>
        </div>
      </div>`;
    this.state = this.getAttribute('state') ?? 'disconnected';
  }

  /** 'connected', 'connecting' or 'disconnected', as the client SDK calls its states. */
  set state(state) {
    this.setAttribute('state', state);
    const door = this.querySelector('.door');
    door.querySelector('span').textContent = words[state];
    door.title = words[state];
  }
}
customElements.define('cardea-header', CardeaHeader);
