// Draws the part of the trace that is in sight, and finds what is under the pointer.

const GUTTER = 96;
const AXIS = 26;
const BAND = 18;
const SPAN = 16;
/** More arrows than this are thinned out: of those alike that begin and end in the same few pixels one is drawn. */
const MAX_ARROWS = 6000;
const FONT = "11px system-ui, 'DejaVu Sans', sans-serif";

class Diagram {
  constructor(model, canvas) {
    this.model = model;
    this.canvas = canvas;
    this.scroll = 0;
    this.selected = undefined;
    this.hovered = undefined;
    this.drawn = 0;
    this.inSight = 0;
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

  draw() {
    const g = this.context;
    this.colours = theme();
    g.font = FONT;
    g.textBaseline = "middle";
    g.fillStyle = this.colours.page;
    g.fillRect(0, 0, this.width, this.height);
    g.save();
    g.beginPath();
    g.rect(GUTTER, 0, this.width - GUTTER, this.height);
    g.clip();
    this.drawGrid(g);
    this.drawLanes(g);
    this.drawViews(g);
    this.drawDown(g);
    this.drawSpans(g, this.model.bands.call, this.colours.call);
    this.drawArrows(g);
    this.drawMarks(g);
    this.drawSpans(g, this.model.bands.fault, this.colours.fault);
    this.drawViolations(g);
    this.drawSelection(g);
    g.restore();
    this.drawAxis(g);
    this.drawNames(g);
  }

  ticks(callback) {
    const distance = tickDistance((this.to - this.from) / Math.max(2, (this.width - GUTTER) / 110));
    for (let t = Math.ceil(this.from / distance) * distance; t <= this.to; t += distance) {
      if (t >= 0) { callback(t, this.x(t), distance); }
    }
  }

  drawGrid(g) {
    g.strokeStyle = this.colours.grid;
    g.lineWidth = 1;
    g.beginPath();
    this.ticks((t, x) => { g.moveTo(x, AXIS); g.lineTo(x, this.height); });
    g.stroke();
  }

  drawLanes(g) {
    g.strokeStyle = this.colours.lane;
    g.lineWidth = 1;
    g.beginPath();
    for (const node of this.model.nodes) {
      if (node.kind !== "NETWORK" && !isNaN(this.laneY[node.index])) {
        g.moveTo(GUTTER, this.y(node.index));
        g.lineTo(this.width, this.y(node.index));
      }
    }
    g.stroke();
  }

  /** The part of a span that is in sight, in pixels; undefined if none is. */
  clipped(span) {
    if (span.to < this.from || span.from > this.to || isNaN(this.laneY[span.node])) { return undefined; }
    const left = Math.max(GUTTER, this.x(span.from));
    return { left, width: Math.max(1.5, Math.min(this.width, this.x(span.to)) - left), y: this.y(span.node) };
  }

  drawViews(g) {
    for (const band of this.model.bands.view) {
      const at = this.clipped(band);
      if (!at) { continue; }
      const primary = this.model.replicas > 0 && band.view % this.model.replicas === this.model.nodes[band.node].id;
      g.globalAlpha = this.colours.viewAlpha;
      g.fillStyle = viewColour(this.colours, band.view);
      g.fillRect(at.left, at.y - BAND / 2, at.width, BAND);
      g.globalAlpha = 1;
      if (primary) {
        g.fillRect(at.left, at.y - BAND / 2 - 2, at.width, 3);
        g.fillRect(at.left, at.y + BAND / 2 - 1, at.width, 3);
      }
      this.label(g, `view ${band.view}${primary ? " · primary" : ""}`, at.left + 4, at.y - BAND / 2 - 10, at.width, this.colours.soft);
    }
  }

  label(g, text, x, y, width, colour) {
    if (width > g.measureText(text).width + 8) {
      g.fillStyle = colour;
      g.fillText(text, x, y);
    }
  }

  drawDown(g) {
    for (const band of this.model.bands.down) {
      const at = this.clipped(band);
      if (!at) { continue; }
      g.fillStyle = this.colours.page;
      g.fillRect(at.left, at.y - BAND / 2, at.width, BAND);
      g.save();
      g.beginPath();
      g.rect(at.left, at.y - BAND / 2, at.width, BAND);
      g.clip();
      g.strokeStyle = this.colours.down;
      g.globalAlpha = 0.55;
      g.beginPath();
      for (let x = Math.floor(at.left / 7) * 7 - BAND; x < at.left + at.width; x += 7) {
        g.moveTo(x, at.y + BAND / 2);
        g.lineTo(x + BAND, at.y - BAND / 2);
      }
      g.stroke();
      g.restore();
      const paused = this.model.stepNames[band.mark] === "PAUSED";
      this.label(g, paused ? "paused" : "down", at.left + 4, at.y - BAND / 2 - 10, at.width, this.colours.soft);
    }
  }

  /** Faults lie above their lane, the network's on it; invocations lie on their client's lane, each in its row. */
  drawSpans(g, spans, colour) {
    const calls = spans === this.model.bands.call;
    for (const span of spans) {
      const at = this.clipped(span);
      if (!at || this.model.filter.steps.has(calls ? "INVOKED" : "FAULT_BEGINS")) { continue; }
      const network = this.model.nodes[span.node].kind === "NETWORK";
      const rows = (calls ? this.model.callRows : this.model.faultRows).get(span.node);
      const height = calls ? Math.max(2, Math.min(BAND, this.space * 0.5) / rows) : SPAN - 3;
      const y = calls ? at.y - height * rows / 2 + height * span.row
        : network ? at.y + SPAN * span.row : at.y - BAND / 2 - 4 - SPAN * (span.row + 1);
      g.fillStyle = colour;
      g.globalAlpha = calls ? 0.35 : 0.25;
      g.fillRect(at.left, y, at.width - (calls && at.width > 3 ? 1 : 0), height - (calls && height > 4 ? 1 : 0));
      g.globalAlpha = 1;
      if (!calls || this.model.stepNames[span.last] === "GAVE_UP") {
        g.fillStyle = calls ? this.colours.danger : colour;
        g.fillRect(calls ? at.left + at.width - 2.5 : at.left, y, 2.5, height - (calls ? 1 : 0));
      }
      if (height > 10) {
        this.label(g, this.spanText(span), at.left + 6, y + height / 2, at.width, this.colours.text);
      }
    }
  }

  spanText(span) {
    const m = this.model.marks;
    return this.model.texts[m.text[span.mark]] || this.model.texts[m.subject[span.mark]];
  }

  drawArrows(g) {
    const a = this.model.arrows;
    const byType = new Map();
    const seen = new Set();
    this.inSight = 0;
    this.model.forArrows(this.from, this.to, () => { this.inSight++; });
    const thin = this.inSight > MAX_ARROWS ? Math.ceil(this.inSight / MAX_ARROWS) : 0;
    this.drawn = 0;
    this.model.forArrows(this.from, this.to, i => {
      if (thin) {
        const key = ((Math.round(this.x(a.begin[i]) / thin) * 4096 + Math.round(this.x(a.until[i]) / thin)) * 256
          + a.from[i]) * 256 + a.to[i] + this.model.typeIndex.get(a.type[i]) * 2 ** 46;
        if (seen.has(key)) { return; }
        seen.add(key);
      }
      this.drawn++;
      const whole = a.outcome[i] !== this.model.dropped && a.end[i] >= 0 && a.sent[i] >= 0;
      const key = a.type[i] * 2 + (whole ? 0 : 1);
      if (!byType.has(key)) { byType.set(key, []); }
      byType.get(key).push(i);
    });
    const heads = this.drawn < 2500;
    g.lineWidth = this.drawn > 2000 ? 0.7 : 1.2;
    g.globalAlpha = this.drawn > 4000 ? 0.45 : this.drawn > 800 ? 0.7 : 0.9;
    for (const [key, arrows] of byType) {
      const colour = typeColour(this.model, this.colours, key >> 1);
      g.strokeStyle = g.fillStyle = colour;
      g.setLineDash(key % 2 ? [4, 3] : []);
      g.beginPath();
      arrows.forEach(i => this.line(g, i));
      g.stroke();
      g.setLineDash([]);
      if (heads) { arrows.forEach(i => this.head(g, i)); }
    }
    g.globalAlpha = 1;
    if (this.drawn < 60) {
      for (const [key, arrows] of byType) {
        g.fillStyle = typeColour(this.model, this.colours, key >> 1);
        arrows.forEach(i => this.arrowLabel(g, i));
      }
    }
  }

  /** The two ends of an arrow in pixels. What is lost gets half of the way. */
  ends(i) {
    const a = this.model.arrows;
    const x1 = this.x(a.begin[i]);
    const y1 = this.y(a.from[i]);
    const x2 = this.x(a.until[i]);
    const y2 = this.y(a.to[i]);
    return a.outcome[i] === this.model.dropped ? [x1, y1, x2, y1 + (y2 - y1) * 0.5] : [x1, y1, x2, y2];
  }

  line(g, i) {
    const [x1, y1, x2, y2] = this.ends(i);
    g.moveTo(x1, y1);
    g.lineTo(x2, y2);
  }

  head(g, i) {
    const a = this.model.arrows;
    const [x1, y1, x2, y2] = this.ends(i);
    if (a.outcome[i] === this.model.dropped) {
      g.lineWidth = 1.5;
      g.beginPath();
      g.moveTo(x2 - 3.5, y2 - 3.5); g.lineTo(x2 + 3.5, y2 + 3.5);
      g.moveTo(x2 - 3.5, y2 + 3.5); g.lineTo(x2 + 3.5, y2 - 3.5);
      g.stroke();
    } else if (a.end[i] >= 0) {
      const angle = Math.atan2(y2 - y1, x2 - x1);
      g.beginPath();
      g.moveTo(x2, y2);
      g.lineTo(x2 - 8 * Math.cos(angle - 0.35), y2 - 8 * Math.sin(angle - 0.35));
      g.lineTo(x2 - 8 * Math.cos(angle + 0.35), y2 - 8 * Math.sin(angle + 0.35));
      g.fill();
    }
  }

  arrowLabel(g, i) {
    const a = this.model.arrows;
    const [x1, y1, x2, y2] = this.ends(i);
    const text = words(this.model.texts[a.type[i]]) + (a.seq[i] >= 0 ? " " + a.seq[i] : "");
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length < g.measureText(text).width + 24) { return; }
    const angle = Math.atan2(y2 - y1, x2 - x1);
    g.save();
    g.translate((x1 + x2) / 2, (y1 + y2) / 2);
    g.rotate(Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle);
    g.textAlign = "center";
    g.strokeStyle = this.colours.page;
    g.lineWidth = 4;
    g.strokeText(text, 0, -7);
    g.fillText(text, 0, -7);
    g.restore();
  }

  drawMarks(g) {
    const m = this.model.marks;
    const seen = new Set();
    let count = 0;
    this.model.forMarks(this.from, this.to, () => { count++; });
    this.model.forMarks(this.from, this.to, i => {
      const x = this.x(m.at[i]);
      const y = this.y(m.node[i]);
      const key = (Math.round(x) * 1024 + m.node[i]) * 64 + STEP_SHAPES.indexOf(this.model.stepNames[i]);
      if (isNaN(y) || seen.has(key)) { return; }
      seen.add(key);
      drawShape(g, this.colours, this.model.stepNames[i], x, y);
      if (count < 150 && m.seq[i] >= 0 && this.model.stepNames[i] === "EXECUTED") {
        g.fillStyle = this.colours.soft;
        g.fillText("s=" + m.seq[i], x + 4, y + BAND / 2 + 8);
      }
    });
  }

  drawViolations(g) {
    for (const step of this.model.violations) {
      const x = this.x(step.at);
      if (step.at < this.from || step.at > this.to) { continue; }
      g.strokeStyle = this.colours.danger;
      g.lineWidth = 1.5;
      g.setLineDash([6, 4]);
      g.beginPath();
      g.moveTo(x, AXIS);
      g.lineTo(x, this.height);
      g.stroke();
      g.setLineDash([]);
      const text = this.model.texts[this.model.marks.subject[step.mark]] || "violation";
      const width = g.measureText(text).width + 12;
      const left = Math.min(x, this.width - width);
      g.fillStyle = this.colours.danger;
      g.fillRect(left, this.height - 20, width, 18);
      g.fillStyle = this.colours.page;
      g.fillText(text, left + 6, this.height - 11);
    }
  }

  drawSelection(g) {
    for (const step of [this.hovered, this.selected]) {
      if (!step) { continue; }
      g.strokeStyle = g.fillStyle = step.arrow === undefined ? this.colours.select
        : typeColour(this.model, this.colours, this.model.arrows.type[step.arrow]);
      g.lineWidth = 3;
      if (step.arrow !== undefined) {
        g.beginPath();
        this.line(g, step.arrow);
        g.stroke();
        this.head(g, step.arrow);
      }
      if (step === this.selected) {
        const [x, y] = this.place(step);
        g.strokeStyle = this.colours.select;
        g.lineWidth = 2;
        g.beginPath();
        g.arc(x, y, 10, 0, 2 * Math.PI);
        g.stroke();
      }
    }
  }

  /** Where a step is shown. */
  place(step) {
    if (step.mark !== undefined) {
      return [this.x(step.at), this.y(this.model.marks.node[step.mark])];
    }
    const [x1, y1, x2, y2] = this.ends(step.arrow);
    return step.end === ARROW.SENT ? [x1, y1] : [x2, y2];
  }

  drawAxis(g) {
    g.fillStyle = this.colours.panel;
    g.fillRect(0, 0, this.width, AXIS);
    g.fillStyle = this.colours.grid;
    g.fillRect(0, AXIS - 1, this.width, 1);
    g.fillStyle = this.colours.soft;
    g.textAlign = "center";
    this.ticks((t, x, distance) => {
      if (x > GUTTER + 30 && x < this.width - 30) { g.fillText(tickLabel(t, distance), x, AXIS / 2); }
    });
    g.textAlign = "left";
  }

  drawNames(g) {
    g.fillStyle = this.colours.panel;
    g.fillRect(0, AXIS, GUTTER, this.height - AXIS);
    g.fillStyle = this.colours.grid;
    g.fillRect(GUTTER - 1, 0, 1, this.height);
    g.save();
    g.beginPath();
    g.rect(0, AXIS, GUTTER, this.height - AXIS);
    g.clip();
    for (const node of this.model.nodes) {
      if (isNaN(this.laneY[node.index])) { continue; }
      g.fillStyle = node.kind === "NETWORK" ? this.colours.soft : this.colours.text;
      g.fillText(node.name, 12, this.y(node.index) + (node.kind === "NETWORK" ? SPAN / 2 - 1 : 0));
    }
    g.restore();
  }

  /** The step whose drawing is closest to a point, if it is close. */
  hit(px, py) {
    let best;
    let distance = 7;
    const near = (d, make) => {
      if (d < distance) { distance = d; best = make(); }
    };
    const a = this.model.arrows;
    const slack = (this.to - this.from) / this.width * 8;
    this.model.forArrows(this.time(px) - slack, this.time(px) + slack, i => {
      const [x1, y1, x2, y2] = this.ends(i);
      const d = segmentDistance(px, py, x1, y1, x2, y2);
      const first = Math.hypot(px - x1, py - y1) < Math.hypot(px - x2, py - y2);
      near(d + 1, () => this.model.stepOfArrow(i, first && a.sentIndex[i] >= 0 ? ARROW.SENT : ARROW.ENDED));
    });
    const m = this.model.marks;
    this.model.forMarks(this.time(px) - slack, this.time(px) + slack, i => {
      const y = this.y(m.node[i]) + (SHAPE_OFFSET[this.model.stepNames[i]] || 0);
      near(Math.hypot(px - this.x(m.at[i]), py - y) - 3, () => this.model.stepOfMark.get(i));
    });
    return best;
  }
}

function segmentDistance(px, py, x1, y1, x2, y2) {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const share = length ? Math.max(0, Math.min(1, ((px - x1) * (x2 - x1) + (py - y1) * (y2 - y1)) / length)) : 0;
  return Math.hypot(px - x1 - share * (x2 - x1), py - y1 - share * (y2 - y1));
}
