// Draws everything but the messages.

const FONT = "11px system-ui, 'DejaVu Sans', sans-serif";

class Diagram extends ArrowLayer {
  constructor(model, canvas) {
    super(model, canvas);
    this.selected = undefined;
    this.hovered = undefined;
    this.labels = [];
  }

  draw() {
    const g = this.context;
    this.colours = theme();
    this.labels = [];
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
    this.drawLabels(g);
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
      this.later(`view ${band.view}${primary ? " · primary" : ""}`, at);
    }
  }

  /** A label above a band: it is written when the arrows are there, and stands out from them. */
  later(text, at) { this.labels.push({ text, at }); }

  drawLabels(g) {
    g.strokeStyle = this.colours.page;
    g.lineWidth = 4;
    g.lineJoin = "round";
    for (const { text, at } of this.labels) {
      if (at.width > g.measureText(text).width + 8) {
        const y = at.y - BAND / 2 - 10;
        g.strokeText(text, at.left + 4, y);
        g.fillStyle = this.colours.soft;
        g.fillText(text, at.left + 4, y);
      }
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
      this.later(this.model.stepNames[band.mark] === "PAUSED" ? "paused" : "down", at);
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
      const height = calls ? Math.max(2, Math.min(SPAN, this.space * 0.6 / rows)) : SPAN - 3;
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

  drawMarks(g) {
    const m = this.model.marks;
    const seen = new Set();
    let count = 0;
    this.model.forMarks(this.from, this.to, () => { count++; });
    const dense = count > this.width * 0.7;
    this.model.forMarks(this.from, this.to, i => {
      const x = this.x(m.at[i]);
      const y = this.y(m.node[i]);
      const key = (m.node[i] * 16384 + Math.round(x)) * 32 + STEP_SHAPES.indexOf(this.model.stepNames[i]);
      if (isNaN(y) || seen.has(key)) { return; }
      seen.add(key);
      (dense && SMALL.has(this.model.stepNames[i]) ? drawSmall : drawShape)(g, this.colours, this.model.stepNames[i], x, y);
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
}
