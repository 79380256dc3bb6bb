/**
 * A line that moves to the left, drawn on a canvas in every frame. The newest value is always at the right edge.
 *
 *   const chart = new Chart(canvas, { seconds: 30, colour: '--brass', floor: 10 });
 *   chart.push(42);
 *
 * The scale starts at 0 and follows the highest value in sight, but never goes below `floor`; with `fit` it goes from
 * the lowest to the highest, without a grid. `label` writes the numbers of the grid. The canvas is decoration for the
 * eye: say the number next to it in text.
 */
export class Chart {
  #canvas;
  #context;
  #millis;
  #colour;
  #floor;
  #fit;
  #label;
  #points = []; // { at, value }, oldest first
  #bottom = 0;
  #top;
  #visible = true;

  constructor(canvas, { seconds = 30, colour = '--verdigris', floor = 1, fit = false, label = short } = {}) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#millis = seconds * 1000;
    this.#colour = colour;
    this.#floor = floor;
    this.#fit = fit;
    this.#label = label;
    this.#top = floor;
    canvas.ariaHidden = 'true';
    new IntersectionObserver(([entry]) => { this.#visible = entry.isIntersecting; }).observe(canvas);
    charts.add(this);
    if (charts.size === 1) requestAnimationFrame(drawAll);
  }

  push(value, at = performance.now()) {
    this.#points.push({ at, value });
    const oldest = at - this.#millis - 2000;
    while (this.#points.length > 2 && this.#points[1].at < oldest) this.#points.shift();
  }

  draw(now) {
    if (!this.#visible) return;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const density = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * density) || this.#canvas.height !== Math.round(height * density)) {
      this.#canvas.width = Math.round(width * density);
      this.#canvas.height = Math.round(height * density);
    }
    const context = this.#context;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);

    const style = getComputedStyle(this.#canvas);
    this.#glide();
    const x = (at) => width - ((now - at) / this.#millis) * width;
    const y = (value) => height - 1.5 - ((value - this.#bottom) / (this.#top - this.#bottom)) * (height - 6);

    if (!this.#fit) this.#drawGrid(style, width, y);
    if (this.#points.length === 0) return;
    const colour = style.getPropertyValue(this.#colour);
    const line = new Path2D();
    for (const { at, value } of this.#points) line.lineTo(x(at), y(value));
    line.lineTo(width, y(this.#points.at(-1).value));
    const area = new Path2D(line);
    area.lineTo(width, height);
    area.lineTo(x(this.#points[0].at), height);
    context.globalAlpha = 0.16;
    context.fillStyle = colour;
    context.fill(area);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.strokeStyle = colour;
    context.stroke(line);
  }

  /** Moves the scale towards what is in sight; it doesn't jump. */
  #glide() {
    const values = this.#points.map(({ value }) => value);
    if (!this.#fit) {
      this.#top += (Math.max(this.#floor, ...values) * 1.15 - this.#top) * 0.08;
    } else if (values.length > 0) {
      this.#top = Math.max(...values) + 0.01;
      this.#bottom = Math.min(...values) - 0.01;
    }
  }

  #drawGrid(style, width, y) {
    const context = this.#context;
    const step = niceStep(this.#top / 3);
    context.font = `11px ${style.fontFamily}`;
    context.fillStyle = style.getPropertyValue('--soft');
    context.strokeStyle = style.getPropertyValue('--line');
    context.lineWidth = 1;
    for (let value = step; value < this.#top * 0.95; value += step) {
      const at = Math.round(y(value)) + 0.5;
      context.beginPath();
      context.moveTo(0, at);
      context.lineTo(width, at);
      context.stroke();
      context.fillText(this.#label(value), 3, at - 4);
    }
  }
}

const charts = new Set();

function drawAll(now) {
  for (const chart of charts) chart.draw(now);
  requestAnimationFrame(drawAll);
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function niceStep(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((factor) => factor * power >= value) * power;
}

/** 1234 as '1.2k', for axes and tight places. */
export const short = (value) =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
