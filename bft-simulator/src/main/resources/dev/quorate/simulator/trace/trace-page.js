// Ties model, diagram and panel together: pointer, keyboard, overview, and the place in the address.

class Page {
  constructor(model) {
    this.model = model;
    this.canvas = document.getElementById("canvas");
    this.overview = document.getElementById("overview");
    this.status = document.getElementById("status");
    this.tip = document.getElementById("tip");
    this.diagram = new Diagram(model, this.canvas);
    this.panel = new Panel(this);
    this.pointers();
    this.overviewPointers();
    this.buttons();
    addEventListener("keydown", event => this.key(event));
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    darkQuery.addEventListener("change", () => { this.panel.refreshColours(); this.overviewImage = undefined; this.redraw(); });
    this.resize();
    this.goToStart();
  }

  /** Where the address says, else at the first violation and what led to it, else the whole run. */
  goToStart() {
    const place = new URLSearchParams(location.hash.slice(1));
    const step = this.model.steps[Number(place.get("event") ?? NaN)] || this.model.violations[0];
    const from = Number(place.get("from") ?? NaN);
    const to = Number(place.get("to") ?? NaN);
    if (to > from) {
      this.diagram.show(from, to);
    } else if (step) {
      const before = this.model.steps[Math.max(0, step.index - 250)].at;
      this.diagram.show(before, step.at + (step.at - before) * 0.25 + 1000);
    }
    if (step) { this.select(step, false); }
  }

  resize() {
    this.diagram.resize();
    this.overviewImage = undefined;
    // At once: resizing a canvas empties it, and it would be seen empty until the next frame.
    this.draw();
  }

  redraw() {
    if (this.waiting) { return; }
    this.waiting = requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw() {
    this.diagram.draw();
    this.drawOverview();
    this.writeStatus();
  }

  writeStatus() {
    const d = this.diagram;
    const thinned = d.drawn < d.inSight ? ` (${d.drawn.toLocaleString("en")} drawn, the rest lies on top of them: zoom in)` : "";
    this.status.textContent = `${exactTime(Math.max(0, d.from))} to ${exactTime(d.to)} · ${duration(d.to - d.from)} in sight · `
      + `${d.inSight.toLocaleString("en")} messages${thinned}`;
  }

  select(step, reveal) {
    this.diagram.selected = step;
    if (step && reveal) { this.diagram.reveal(step.at); }
    this.panel.select(step);
    history.replaceState(null, "", step ? "#event=" + step.index : "#");
    this.redraw();
  }

  filterChanged() {
    this.model.applyFilter();
    this.diagram.layOut();
    this.panel.fillLog(this.diagram.selected);
    this.redraw();
  }

  otherEnd() {
    const step = this.diagram.selected;
    if (step && step.arrow !== undefined) {
      const other = this.model.stepOfArrow(step.arrow, step.end === ARROW.SENT ? ARROW.ENDED : ARROW.SENT);
      if (other) { this.select(other, true); }
    }
  }

  onlyThisSequenceNumber() {
    const step = this.diagram.selected;
    const seq = !step ? -1 : step.mark === undefined ? this.model.arrows.seq[step.arrow] : this.model.marks.seq[step.mark];
    const already = this.model.filter.from === seq && this.model.filter.to === seq;
    this.panel.range(already ? -1 : seq, already ? -1 : seq);
  }

  nextViolation() {
    const at = this.diagram.selected ? this.diagram.selected.index : -1;
    const next = this.model.violations.find(step => step.index > at) || this.model.violations[0];
    if (next) { this.select(next, true); }
  }

  zoom(factor, x = this.diagram.selected ? this.diagram.x(this.diagram.selected.at) : NaN) {
    const inside = x >= GUTTER && x <= this.diagram.width;
    this.diagram.zoom(factor, inside ? x : (GUTTER + this.diagram.width) / 2);
    this.redraw();
  }

  move(share) {
    this.diagram.move((this.diagram.to - this.diagram.from) * share);
    this.redraw();
  }

  key(event) {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey
      || document.getElementById("help").open) { return; }
    const step = (from, direction) => {
      const next = this.model.next(from, direction);
      if (next) { this.select(next, true); }
    };
    const actions = {
      ArrowRight: () => step(this.diagram.selected || this.firstInSight(), 1),
      ArrowLeft: () => step(this.diagram.selected, -1),
      Home: () => step(undefined, 1),
      End: () => step(undefined, -1),
      "+": () => this.zoom(0.6), "=": () => this.zoom(0.6), "-": () => this.zoom(1 / 0.6),
      a: () => this.move(-0.2), d: () => this.move(0.2),
      f: () => { this.diagram.fit(); this.redraw(); },
      m: () => this.otherEnd(), s: () => this.onlyThisSequenceNumber(), v: () => this.nextViolation(),
      "?": () => document.getElementById("help").showModal(),
      Escape: () => this.select(undefined, false),
    };
    const action = actions[event.key] || actions[event.key.toLowerCase()];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  /** The step before the first one in sight, so that stepping begins where one looks. */
  firstInSight() {
    const first = this.model.steps.find(step => step.at >= this.diagram.from);
    return first && first.index > 0 ? this.model.steps[first.index - 1] : undefined;
  }

  buttons() {
    const on = (id, action) => document.getElementById(id).addEventListener("click", action);
    on("zoom-in", () => this.zoom(0.6));
    on("zoom-out", () => this.zoom(1 / 0.6));
    on("fit", () => { this.diagram.fit(); this.redraw(); });
    on("help-open", () => document.getElementById("help").showModal());
  }

  pointers() {
    let drag;
    this.canvas.addEventListener("wheel", event => {
      event.preventDefault();
      const pixels = event.deltaMode === 1 ? 16 : 1;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        this.move((event.deltaX || event.deltaY) * pixels / this.diagram.width);
      } else {
        this.zoom(1.0018 ** (event.deltaY * pixels), event.offsetX);
      }
    }, { passive: false });
    this.canvas.addEventListener("pointerdown", event => {
      drag = { x: event.offsetX, y: event.offsetY, from: this.diagram.from, to: this.diagram.to, scroll: this.diagram.scroll, moved: false };
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", event => {
      if (!drag) { this.hover(event); return; }
      const dx = event.offsetX - drag.x;
      const dy = event.offsetY - drag.y;
      drag.moved = drag.moved || Math.hypot(dx, dy) > 4;
      if (drag.moved) {
        this.canvas.classList.add("moving");
        const nanos = -dx / (this.diagram.width - GUTTER) * (drag.to - drag.from);
        this.diagram.show(drag.from + nanos, drag.to + nanos);
        this.diagram.scroll = Math.max(0, Math.min(this.diagram.maxScroll, drag.scroll - dy));
        this.redraw();
      }
    });
    this.canvas.addEventListener("pointerup", event => {
      if (drag && !drag.moved) { this.select(this.diagram.hit(event.offsetX, event.offsetY), false); }
      drag = undefined;
      this.canvas.classList.remove("moving");
    });
    this.canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; this.diagram.hovered = undefined; this.redraw(); });
  }

  hover(event) {
    const found = this.diagram.hit(event.offsetX, event.offsetY);
    if (found !== this.diagram.hovered) {
      this.diagram.hovered = found;
      this.redraw();
    }
    this.tip.hidden = !found;
    if (found) {
      this.tip.textContent = this.model.sentence(found).slice(0, 300);
      const left = Math.min(event.offsetX + 14, this.diagram.width - this.tip.offsetWidth - 8);
      this.tip.style.left = Math.max(0, left) + "px";
      this.tip.style.top = event.offsetY + 16 + "px";
    }
  }

  overviewPointers() {
    const go = event => {
      const share = (event.offsetX - GUTTER) / (this.overview.clientWidth - GUTTER);
      const time = this.model.start + share * (this.model.end - this.model.start);
      const half = (this.diagram.to - this.diagram.from) / 2;
      this.diagram.show(time - half, time + half);
      this.redraw();
    };
    this.overview.addEventListener("pointerdown", event => { this.overview.setPointerCapture(event.pointerId); go(event); });
    this.overview.addEventListener("pointermove", event => { if (event.buttons) { go(event); } });
  }

  /** How much happens when in the whole run, and which part of it is in sight. */
  drawOverview() {
    const ratio = devicePixelRatio || 1;
    const width = this.overview.clientWidth;
    const height = this.overview.clientHeight;
    const colours = theme();
    const x = time => GUTTER + (time - this.model.start) / (this.model.end - this.model.start) * (width - GUTTER);
    if (this.overview.width !== Math.round(width * ratio)) { this.overviewImage = undefined; }
    if (!this.overviewImage) {
      this.overview.width = Math.round(width * ratio);
      this.overview.height = Math.round(height * ratio);
      this.overviewImage = new Float64Array(Math.max(1, Math.ceil(width - GUTTER) + 1));
      for (const step of this.model.steps) { this.overviewImage[Math.max(0, Math.floor(x(step.at) - GUTTER))]++; }
    }
    const g = this.overview.getContext("2d");
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    const highest = Math.sqrt(this.overviewImage.reduce((most, value) => Math.max(most, value), 1));
    g.fillStyle = colours.lane;
    this.overviewImage.forEach((value, i) => {
      const bar = Math.sqrt(value) / highest * (height - 12);
      g.fillRect(GUTTER + i, height - 4 - bar, 1, bar);
    });
    g.fillStyle = colours.danger;
    this.model.violations.forEach(step => g.fillRect(x(step.at) - 1, 2, 2, height - 4));
    g.font = FONT;
    g.fillStyle = colours.soft;
    g.fillText("whole run", 12, height / 2 + 4);
    const left = Math.max(GUTTER, x(this.diagram.from));
    const right = Math.min(width, x(this.diagram.to));
    g.fillStyle = colours.types.PRE_PREPARE;
    g.globalAlpha = 0.16;
    g.fillRect(left, 1, Math.max(3, right - left), height - 2);
    g.globalAlpha = 1;
    g.strokeStyle = colours.types.PRE_PREPARE;
    g.strokeRect(left + 0.5, 1.5, Math.max(3, right - left - 1), height - 3);
  }
}

new Page(new TraceModel(JSON.parse(document.getElementById("data").textContent)));
