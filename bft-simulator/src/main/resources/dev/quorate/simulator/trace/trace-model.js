// The trace as typed columns, what follows from it (bands, spans, steps), and what the filters let through.

const ARROW = { SENT: 0, ENDED: 1 };

/** What one message type or mark looks like in words. */
const words = name => name.replace(/_/g, "-");

class TraceModel {
  constructor(data) {
    this.title = data.title;
    this.facts = data.facts;
    this.forgotten = data.forgotten;
    this.texts = data.texts;
    this.stepWords = new Map(data.steps);
    this.nodes = data.nodes.map(([kind, id], index) => ({ kind, id, index, name: nodeName(kind, id) }));
    this.replicas = this.nodes.reduce((n, node) => node.kind === "REPLICA" ? Math.max(n, node.id + 1) : n, 0);
    this.arrows = columns(data.arrows);
    this.arrows.count = data.arrows.sent.length;
    this.marks = columns(data.marks);
    this.marks.count = data.marks.at.length;
    this.sortArrows();
    this.findTimes();
    this.findTypes();
    this.findBands();
    this.findSteps();
    this.filter = { types: new Set(), steps: new Set(["TIMER"]), nodes: new Set(), from: -1, to: -1 };
    this.arrowShown = new Uint8Array(this.arrows.count);
    this.markShown = new Uint8Array(this.marks.count);
    this.applyFilter();
  }

  /** By sending, so that what is in sight can be found. What was sent before the trace begins is taken to have been as fast as the rest. */
  sortArrows() {
    const a = this.arrows;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < a.count; i++) {
      if (a.sent[i] >= 0 && a.end[i] >= 0) { sum += a.end[i] - a.sent[i]; count++; }
    }
    const usual = count ? sum / count : 0;
    const begin = a.sent.map((sent, i) => sent >= 0 ? sent : Math.max(0, a.end[i] - usual));
    const order = Uint32Array.from(begin.keys()).sort((x, y) => begin[x] - begin[y] || x - y);
    a.begin = begin;
    for (const name of Object.keys(a).filter(key => key !== "count")) {
      const column = a[name];
      a[name] = column.map((ignored, i) => column[order[i]]);
    }
  }

  findTimes() {
    const a = this.arrows;
    const marks = this.marks.at;
    const start = Math.min(a.count ? a.begin[0] : Infinity, marks.length ? marks[0] : Infinity);
    this.start = start === Infinity ? 0 : start;
    const end = Math.max(a.end.reduce((x, y) => Math.max(x, y), this.start + 1), marks.length ? marks[marks.length - 1] : 0,
      a.count ? a.begin[a.count - 1] : 0);
    this.end = end;
    a.until = a.end.map(t => t < 0 ? end : t);
    // The latest end within each block of arrows tells whether the block can be left out.
    this.blockEnd = new Float64Array(Math.ceil(a.count / TraceModel.BLOCK));
    for (let i = 0; i < a.count; i++) {
      const block = Math.floor(i / TraceModel.BLOCK);
      this.blockEnd[block] = Math.max(this.blockEnd[block], a.until[i]);
    }
  }

  findTypes() {
    const counts = new Map();
    for (const type of this.arrows.type) {
      counts.set(type, (counts.get(type) || 0) + 1);
    }
    this.types = [...counts].map(([text, count]) => ({ text, count, name: this.texts[text] }))
      .sort((x, y) => typeRank(x.name) - typeRank(y.name) || (x.name < y.name ? -1 : 1));
    this.typeIndex = new Map(this.types.map((type, index) => [type.text, index]));
    this.dropped = this.texts.indexOf("DROPPED");
    this.stepNames = Array.from(this.marks.step, text => this.texts[text]);
    this.stepCounts = new Map();
    for (const name of this.stepNames) {
      this.stepCounts.set(name, (this.stepCounts.get(name) || 0) + 1);
    }
  }

  /** Views, times down or paused, faults and invocations, each with a beginning and an end. */
  findBands() {
    const bands = { view: [], down: [], fault: [], call: [] };
    const open = new Map();
    const m = this.marks;
    const begin = (i, kind, key) => {
      finish(i, kind, key);
      open.set(kind + key, { kind, node: m.node[i], from: m.at[i], to: this.end, view: m.view[i], mark: i, last: -1 });
    };
    const finish = (i, kind, key) => {
      const band = open.get(kind + key);
      if (band) {
        band.to = m.at[i];
        band.last = i;
        bands[kind].push(band);
        open.delete(kind + key);
      }
    };
    for (let i = 0; i < m.count; i++) {
      const node = m.node[i];
      const subject = node + ":" + m.subject[i];
      switch (this.stepNames[i]) {
        case "VIEW_ENTERED": begin(i, "view", node); break;
        case "CRASHED": finish(i, "view", node); begin(i, "down", node); break;
        case "PAUSED": begin(i, "down", node); break;
        case "RESTARTED": case "RESUMED": finish(i, "down", node); break;
        case "FAULT_BEGINS": begin(i, "fault", subject); break;
        case "FAULT_ENDS": finish(i, "fault", subject); break;
        case "INVOKED": begin(i, "call", subject); break;
        case "COMPLETED": case "GAVE_UP": finish(i, "call", subject); break;
      }
    }
    for (const band of open.values()) {
      bands[band.kind].push(band);
    }
    for (const kind of Object.keys(bands)) {
      bands[kind].sort((x, y) => x.from - y.from);
    }
    this.bands = bands;
    this.faultRows = layInRows(bands.fault);
    this.callRows = layInRows(bands.call);
  }

  /** Everything in its order, to step through: the two ends of arrows, and marks. */
  findSteps() {
    const a = this.arrows;
    const steps = [];
    for (let i = 0; i < a.count; i++) {
      if (a.sentIndex[i] >= 0) { steps.push({ order: a.sentIndex[i], at: a.sent[i], arrow: i, end: ARROW.SENT }); }
      if (a.endIndex[i] >= 0) { steps.push({ order: a.endIndex[i], at: a.end[i], arrow: i, end: ARROW.ENDED }); }
    }
    for (let i = 0; i < this.marks.count; i++) {
      steps.push({ order: this.marks.index[i], at: this.marks.at[i], mark: i });
    }
    steps.sort((x, y) => x.order - y.order);
    steps.forEach((step, index) => { step.index = index; });
    this.steps = steps;
    this.stepOfMark = new Map(steps.filter(s => s.mark !== undefined).map(s => [s.mark, s]));
    this.stepOfEnd = new Map(steps.filter(s => s.arrow !== undefined).map(s => [s.arrow * 2 + s.end, s]));
    this.violations = steps.filter(s => s.mark !== undefined && this.stepNames[s.mark] === "VIOLATION");
  }

  /** The step at one end of an arrow, or at its other end if that one is not part of the trace. */
  stepOfArrow(arrow, end) {
    return this.stepOfEnd.get(arrow * 2 + end) || this.stepOfEnd.get(arrow * 2 + 1 - end);
  }

  applyFilter() {
    const f = this.filter;
    const a = this.arrows;
    const ranged = f.from >= 0 || f.to >= 0;
    const inRange = seq => !ranged || (seq >= 0 && seq >= f.from && (f.to < 0 || seq <= f.to));
    for (let i = 0; i < a.count; i++) {
      this.arrowShown[i] = inRange(a.seq[i]) && !f.types.has(a.type[i]) && !f.nodes.has(a.from[i]) && !f.nodes.has(a.to[i]) ? 1 : 0;
    }
    for (let i = 0; i < this.marks.count; i++) {
      const always = TraceModel.ALWAYS.has(this.stepNames[i]);
      this.markShown[i] = (always || inRange(this.marks.seq[i])) && !f.steps.has(this.stepNames[i])
        && !f.nodes.has(this.marks.node[i]) ? 1 : 0;
    }
  }

  isShown(step) {
    return step.mark === undefined ? this.arrowShown[step.arrow] === 1 : this.markShown[step.mark] === 1;
  }

  /** The next step that the filters let through, in the direction 1 or -1; undefined if there is none. */
  next(step, direction) {
    let i = step ? step.index + direction : direction > 0 ? 0 : this.steps.length - 1;
    while (i >= 0 && i < this.steps.length && !this.isShown(this.steps[i])) {
      i += direction;
    }
    return this.steps[i];
  }

  /** Calls back for each arrow that the filters let through and that is there between two times. */
  forArrows(from, to, callback) {
    const a = this.arrows;
    for (let block = 0; block < this.blockEnd.length; block++) {
      const first = block * TraceModel.BLOCK;
      if (a.begin[first] > to) { return; }
      if (this.blockEnd[block] < from) { continue; }
      const last = Math.min(first + TraceModel.BLOCK, a.count);
      for (let i = first; i < last; i++) {
        if (this.arrowShown[i] && a.until[i] >= from && a.begin[i] <= to) { callback(i); }
      }
    }
  }

  forMarks(from, to, callback) {
    for (let i = lowerBound(this.marks.at, from); i < this.marks.count && this.marks.at[i] <= to; i++) {
      if (this.markShown[i]) { callback(i); }
    }
  }

  /** One step as a sentence. */
  sentence(step) {
    if (step.mark !== undefined) {
      const m = this.marks;
      const i = step.mark;
      const parts = [this.nodes[m.node[i]].name + " " + this.stepWords.get(this.stepNames[i])];
      if (m.view[i] >= 0) { parts.push("view " + m.view[i]); }
      if (m.seq[i] >= 0) { parts.push("s=" + m.seq[i]); }
      if (this.texts[m.subject[i]]) { parts.push(this.texts[m.subject[i]]); }
      const text = this.texts[m.text[i]];
      return parts.join(", ") + (text ? ": " + text : "");
    }
    const a = this.arrows;
    const i = step.arrow;
    const from = this.nodes[a.from[i]].name;
    const to = this.nodes[a.to[i]].name;
    return step.end === ARROW.SENT ? `${from} sends ${this.label(i)} to ${to}`
      : a.outcome[i] === this.dropped ? `${to} never receives ${this.label(i)} from ${from}`
      : `${to} receives ${this.label(i)} from ${from}`;
  }

  /** The type of an arrow and what it is about. */
  label(i) {
    const a = this.arrows;
    const about = [a.view[i] >= 0 ? "view " + a.view[i] : "", a.seq[i] >= 0 ? "s=" + a.seq[i] : ""].filter(x => x);
    return words(this.texts[a.type[i]]) + (about.length ? ` (${about.join(", ")})` : "");
  }
}

TraceModel.BLOCK = 256;
/** Marks that a range of sequence numbers does not hide: they concern them all. */
TraceModel.ALWAYS = new Set(["VIEW_ENTERED", "CRASHED", "RESTARTED", "PAUSED", "RESUMED", "FAULT_BEGINS", "FAULT_ENDS", "VIOLATION"]);

function columns(source) {
  return Object.fromEntries(Object.entries(source).map(([name, values]) => [name, Float64Array.from(values)]));
}

function nodeName(kind, id) {
  return kind === "NETWORK" ? "network" : kind.toLowerCase() + " " + id;
}

const TYPE_ORDER = ["REQUEST", "PRE_PREPARE", "PREPARE", "COMMIT", "REPLY", "CHECKPOINT", "STATUS", "REQ_VIEW_CHANGE",
  "VIEW_CHANGE", "NEW_VIEW", "VIEW_OK"];

function typeRank(name) {
  const rank = TYPE_ORDER.indexOf(name);
  return rank < 0 ? TYPE_ORDER.length : rank;
}

/** Gives each span of a node the first row that is free; returns how many rows each node needs. */
function layInRows(spans) {
  const ends = new Map();
  for (const span of spans) {
    const rows = ends.get(span.node) || [];
    ends.set(span.node, rows);
    let row = rows.findIndex(end => end <= span.from);
    row = row < 0 ? rows.length : row;
    rows[row] = span.to;
    span.row = row;
  }
  return new Map([...ends].map(([node, rows]) => [node, rows.length]));
}

/** The first index whose value is at least the given one, in ascending values. */
function lowerBound(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) { low = middle + 1; } else { high = middle; }
  }
  return low;
}
