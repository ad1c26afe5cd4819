// Which part of the run is in sight, and where each lane lies.

/** Widths and heights in pixels: the column of names, the row of times, a view's band, a fault's or invocation's bar. */
const GUTTER = 96;
const AXIS = 26;
const BAND = 18;
const SPAN = 16;

class Viewport {
  constructor(model, canvas) {
    this.model = model;
    this.canvas = canvas;
    this.scroll = 0;
    this.fit();
  }

  fit() {
    const margin = (this.model.end - this.model.start) * 0.02 || 1;
    this.from = this.model.start - margin;
    this.to = this.model.end + margin;
  }

  resize() {
    const ratio = devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.context = this.canvas.getContext("2d");
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.layOut();
  }

  /** Where each lane lies: evenly, but for the network, which is as high as its faults need. */
  layOut() {
    const shown = this.model.nodes.filter(node => !this.model.filter.nodes.has(node.index));
    const network = shown.filter(node => node.kind === "NETWORK");
    const others = shown.length - network.length;
    const top = network.length ? 12 + SPAN * Math.max(1, this.model.faultRows.get(network[0].index) || 0) : 0;
    const space = Math.min(130, Math.max(34, (this.height - AXIS - top - 24) / Math.max(1, others)));
    this.laneY = new Float64Array(this.model.nodes.length).fill(NaN);
    let y = AXIS + top + space / 2 + 6;
    for (const node of shown) {
      if (node.kind === "NETWORK") {
        this.laneY[node.index] = AXIS + 8;
      } else {
        this.laneY[node.index] = y;
        y += space;
      }
    }
    this.space = space;
    this.maxScroll = Math.max(0, y - space / 2 + 18 - this.height);
    this.scroll = Math.min(this.scroll, this.maxScroll);
  }

  x(time) { return GUTTER + (time - this.from) / (this.to - this.from) * (this.width - GUTTER); }
  y(node) { return this.laneY[node] - this.scroll; }
  time(x) { return this.from + (x - GUTTER) / (this.width - GUTTER) * (this.to - this.from); }

  /** Multiplies the time in sight by the factor, and leaves the time at x where it is. */
  zoom(factor, x) {
    const whole = (this.model.end - this.model.start || 1) * 1.1;
    const at = this.time(x);
    const span = Math.min(whole, Math.max(20, (this.to - this.from) * factor));
    const share = (x - GUTTER) / (this.width - GUTTER);
    this.show(at - share * span, at + (1 - share) * span);
  }

  move(nanos) { this.show(this.from + nanos, this.to + nanos); }

  /** Keeps some of the run in sight. */
  show(from, to) {
    const span = to - from;
    const start = Math.min(Math.max(from, this.model.start - span * 0.9), this.model.end - span * 0.1);
    this.from = start;
    this.to = start + span;
  }

  /** Brings a time into the middle if it is out of sight, or close to the edge. */
  reveal(time) {
    const margin = (this.to - this.from) * 0.04;
    if (time < this.from + margin || time > this.to - margin) {
      const half = (this.to - this.from) / 2;
      this.show(time - half, time + half);
    }
  }
}
