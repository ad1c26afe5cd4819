// The side panel: the selected event, what is around it, and the filters. Texts are set as text, never as markup.

function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) { node.addEventListener(name.slice(2), value); }
    else if (name === "class") { node.className = value; }
    else { node.setAttribute(name, value); }
  }
  node.append(...children);
  return node;
}

function button(text, onclick, properties = {}) {
  return element("button", { type: "button", onclick, ...properties }, text);
}

class Panel {
  constructor(page) {
    this.page = page;
    this.model = page.model;
    this.fillHeader();
    this.fillChips();
    this.listenToRange();
    this.select(undefined);
  }

  fillHeader() {
    document.title = this.model.title;
    document.getElementById("title").textContent = this.model.title;
    const facts = [...this.model.facts, ["events", this.model.steps.length.toLocaleString("en")]];
    if (this.model.forgotten > 0) { facts.push(["earlier, not kept", this.model.forgotten.toLocaleString("en")]); }
    document.getElementById("facts").append(...facts.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value))));
    document.getElementById("violations").append(...this.model.violations.slice(0, 8).map(step =>
      button("✕ " + (this.model.texts[this.model.marks.subject[step.mark]] || "violation"), () => this.page.select(step, true))));
  }

  fillChips() {
    const f = this.model.filter;
    this.chips("types", f.types, this.model.types.map(type => ({
      key: type.text, name: words(type.name), count: type.count, colour: c => typeColour(this.model, c, type.text),
    })));
    this.chips("marks", f.steps, STEP_SHAPES.filter(name => this.model.stepCounts.has(name)).map(name => ({
      key: name, name: MARK_NAMES[name], count: this.model.stepCounts.get(name), colour: c => shapeColour(c, name),
    })));
    this.chips("nodes", f.nodes, this.model.nodes.map(node => ({ key: node.index, name: node.name })));
  }

  /** A row of switches for what a set of hidden things does not hold. */
  chips(id, hidden, entries) {
    const parent = document.getElementById(id);
    const all = entries.map(entry => entry.key);
    const refresh = () => {
      parent.replaceChildren(...entries.map(entry => {
        const chip = button("", () => {
          hidden.has(entry.key) ? hidden.delete(entry.key) : hidden.add(entry.key);
          changed();
        }, { "aria-pressed": String(!hidden.has(entry.key)), ondblclick: () => {
          const alone = all.every(key => key === entry.key || hidden.has(key));
          all.forEach(key => alone || key === entry.key ? hidden.delete(key) : hidden.add(key));
          changed();
        } });
        if (entry.colour) {
          const swatch = element("i");
          swatch.style.background = entry.colour(theme());
          chip.append(swatch);
        }
        chip.append(entry.name);
        if (entry.count) { chip.append(element("small", {}, entry.count.toLocaleString("en"))); }
        return chip;
      }));
    };
    const changed = () => { refresh(); this.page.filterChanged(); };
    this.refreshers = [...(this.refreshers || []), refresh];
    refresh();
  }

  refreshColours() { this.refreshers.forEach(refresh => refresh()); }

  listenToRange() {
    this.from = document.getElementById("seq-from");
    this.to = document.getElementById("seq-to");
    for (const [input, name] of [[this.from, "from"], [this.to, "to"]]) {
      input.addEventListener("input", () => {
        const valid = /^\d*$/.test(input.value.trim());
        input.setCustomValidity(valid ? "" : "a sequence number");
        if (valid) {
          this.model.filter[name] = input.value.trim() === "" ? -1 : Number(input.value);
          this.page.filterChanged();
        }
      });
    }
    document.getElementById("seq-clear").addEventListener("click", () => this.range(-1, -1));
  }

  /** Shows only these sequence numbers; -1 stands for no bound. */
  range(from, to) {
    Object.assign(this.model.filter, { from, to });
    this.from.value = from < 0 ? "" : from;
    this.to.value = to < 0 ? "" : to;
    this.page.filterChanged();
  }

  select(step) {
    const parent = document.getElementById("details");
    if (!step) {
      parent.replaceChildren(element("p", { class: "hint" }, "Click an event, or step through them with the arrow keys."));
    } else {
      parent.replaceChildren(...(step.mark === undefined ? this.arrowDetails(step) : this.markDetails(step)));
    }
    this.fillLog(step);
  }

  arrowDetails(step) {
    const a = this.model.arrows;
    const i = step.arrow;
    const lost = a.outcome[i] === this.model.dropped;
    const rows = [
      ["from", this.model.nodes[a.from[i]].name],
      ["to", this.model.nodes[a.to[i]].name],
      ["sent", a.sent[i] < 0 ? "before the trace begins" : exactTime(a.sent[i])],
      [lost ? "lost" : "arrived", a.end[i] < 0 ? "not before the trace ends" : exactTime(a.end[i])],
    ];
    if (a.sent[i] >= 0 && a.end[i] >= 0) { rows.push(["took", duration(a.end[i] - a.sent[i])]); }
    if (a.view[i] >= 0) { rows.push(["view", a.view[i]]); }
    if (a.seq[i] >= 0) { rows.push(["s", a.seq[i]]); }
    return [
      element("h3", {}, words(this.model.texts[a.type[i]]) + (lost ? ", lost" : "")),
      this.table(rows),
      this.text(this.model.texts[a.text[i]]),
      element("div", { class: "buttons" },
        button(step.end === ARROW.SENT ? "Its end (M)" : "Its sending (M)", () => this.page.otherEnd()),
        ...this.rangeButtons(a.seq[i])),
    ];
  }

  markDetails(step) {
    const m = this.model.marks;
    const i = step.mark;
    const name = this.model.stepNames[i];
    const rows = [["node", this.model.nodes[m.node[i]].name], ["at", exactTime(m.at[i])]];
    if (m.view[i] >= 0) { rows.push(["view", m.view[i]]); }
    if (m.seq[i] >= 0) { rows.push(["s", m.seq[i]]); }
    if (this.model.texts[m.subject[i]]) { rows.push(["of", this.model.texts[m.subject[i]]]); }
    return [
      element("h3", { class: name === "VIOLATION" ? "danger" : "" }, this.model.nodes[m.node[i]].name + " " + this.model.stepWords.get(name)),
      this.table(rows),
      this.text(this.model.texts[m.text[i]]),
      element("div", { class: "buttons" }, ...this.rangeButtons(m.seq[i])),
    ];
  }

  table(rows) {
    return element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]));
  }

  text(text) { return text ? element("pre", {}, text) : ""; }

  rangeButtons(seq) {
    return seq < 0 ? [] : [button(`Only s=${seq} (S)`, () => this.page.onlyThisSequenceNumber())];
  }

  /** What happened just before and after, among what the filters let through. */
  fillLog(step) {
    const before = [];
    const after = [];
    for (let s = this.model.next(step, -1); step && s && before.length < 6; s = this.model.next(s, -1)) { before.unshift(s); }
    for (let s = this.model.next(step, 1); s && after.length < (step ? 6 : 12); s = this.model.next(s, 1)) { after.push(s); }
    document.getElementById("log").replaceChildren(...[...before, ...(step ? [step] : []), ...after].map(s => {
      const violation = s.mark !== undefined && this.model.stepNames[s.mark] === "VIOLATION";
      const sentence = this.model.sentence(s);
      return element("li", {}, element("button", {
        type: "button", title: sentence.slice(0, 400), onclick: () => this.page.select(s, true),
        class: (s === step ? "current " : "") + (violation ? "danger" : ""),
      }, element("time", {}, (s.at / 1e6).toFixed(3)), element("span", {}, sentence)));
    }));
  }
}
