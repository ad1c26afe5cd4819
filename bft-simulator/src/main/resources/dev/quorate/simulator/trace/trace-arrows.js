// Draws the messages that are in sight, and finds what is under the pointer.

/** More arrows than this are thinned out: of those alike that begin and end in the same few pixels one is drawn. */
const MAX_ARROWS = 6000;

class ArrowLayer extends Viewport {
  constructor(model, canvas) {
    super(model, canvas);
    this.drawn = 0;
    this.inSight = 0;
  }

  drawArrows(g) {
    const a = this.model.arrows;
    const byType = new Map();
    const seen = new Set();
    this.inSight = 0;
    this.model.forArrows(this.from, this.to, () => { this.inSight++; });
    const thin = this.inSight > MAX_ARROWS ? Math.min(3, Math.ceil(this.inSight / MAX_ARROWS)) : 0;
    this.drawn = 0;
    this.model.forArrows(this.from, this.to, i => {
      if (thin) {
        const column = time => Math.max(0, Math.min(4095, Math.round(this.x(time) / thin)));
        const pair = a.from[i] * this.model.nodes.length + a.to[i];
        const key = ((pair * 4096 + column(a.begin[i])) * 4096 + column(a.until[i])) * this.model.types.length
          + this.model.typeIndex.get(a.type[i]);
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
    g.globalAlpha = this.drawn > 4000 ? 0.3 : this.drawn > 800 ? 0.7 : 0.9;
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
