/** Pictures as lists of what to draw. Layouts make them, and know no canvas. */

export interface Rect {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
}

/** Within the rectangle, so that neighbours do not share a line. */
export interface Frame {
  readonly kind: 'frame';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly stroke: string;
  readonly line: number;
}

/** One line; cut where it is longer than `width`. `y`: its middle. */
export interface Text {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: string;
  readonly width: number;
  readonly align?: 'left' | 'center' | 'right';
  readonly isBold?: boolean;
}

/** A closed shape, by its corners x, y, x, y… */
export interface Shape {
  readonly kind: 'shape';
  readonly points: readonly number[];
  readonly fill?: string;
  readonly stroke?: string;
}

/** Many bars that stand on one line, a pixel apart: the heights of each. */
export interface Bars {
  readonly kind: 'bars';
  readonly x: number;
  /** of the line that they stand on */
  readonly y: number;
  readonly heights: ArrayLike<number>;
  readonly fill: string;
}

export interface Disc {
  readonly kind: 'disc';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly fill: string;
}

/** What is drawn between the two is cut at the rectangle. */
export interface Clip {
  readonly kind: 'clip';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Unclip {
  readonly kind: 'unclip';
}

export type Drawn = Rect | Frame | Text | Shape | Bars | Disc | Clip | Unclip;

export interface Font {
  readonly family: string;
  /** in pixels */
  readonly size: number;
}

/** Draws onto a canvas that is cleared first. `ratio`: its pixels for one of the page. */
export class Painter {
  private readonly widths = new Map<string, number>();
  private font = '';

  constructor(private readonly context: CanvasRenderingContext2D) {}

  paint(list: readonly Drawn[], width: number, height: number, ratio: number, { family, size }: Font): void {
    const { context } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.textBaseline = 'middle';
    const font = `${size}px ${family}`;
    if (font !== this.font) this.widths.clear();
    this.font = font;
    context.font = font;
    for (const each of list) this.draw(each);
  }

  private draw(each: Drawn): void {
    const { context } = this;
    switch (each.kind) {
      case 'rect':
        context.fillStyle = each.fill;
        context.fillRect(each.x, each.y, each.width, each.height);
        return;
      case 'frame': {
        const { line } = each;
        context.strokeStyle = each.stroke;
        context.lineWidth = line;
        context.strokeRect(each.x + line / 2, each.y + line / 2, Math.max(0, each.width - line), each.height - line);
        return;
      }
      case 'text':
        this.text(each);
        return;
      case 'shape':
        this.shape(each);
        return;
      case 'bars': {
        const { heights, x, y } = each;
        context.fillStyle = each.fill;
        // as few rectangles as can be: a path of many takes far longer
        for (let i = 0, start = 0; i <= heights.length; i++) {
          const height = heights[start]!;
          if (i < heights.length && heights[i] === height) continue;
          if (height > 0) context.fillRect(x + start, y - height, i - start, height);
          start = i;
        }
        return;
      }
      case 'disc':
        context.fillStyle = each.fill;
        context.beginPath();
        context.arc(each.x, each.y, each.radius, 0, 2 * Math.PI);
        context.fill();
        return;
      case 'clip':
        context.save();
        context.beginPath();
        context.rect(each.x, each.y, each.width, each.height);
        context.clip();
        return;
      case 'unclip':
        context.restore();
    }
  }

  private text({ x, y, text, fill, width, align = 'left', isBold = false }: Text): void {
    const { context } = this;
    if (isBold) context.font = `bold ${this.font}`;
    const shown = this.cut(text, width, isBold);
    context.fillStyle = fill;
    context.textAlign = align;
    // the middle of most letters, not of the font's box
    context.fillText(shown, x, y + 0.5);
    if (isBold) context.font = this.font;
  }

  private shape({ points, fill, stroke }: Shape): void {
    const { context } = this;
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!);
    context.closePath();
    if (fill !== undefined) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke === undefined) return;
    context.strokeStyle = stroke;
    context.lineWidth = 1;
    context.stroke();
  }

  private cut(text: string, width: number, isBold: boolean): string {
    const whole = this.widthOf(text, isBold);
    if (whole <= width) return text;
    const letters = Math.floor((width / whole) * text.length) - 1;
    return letters < 1 ? '' : `${text.slice(0, letters)}…`;
  }

  private widthOf(text: string, isBold: boolean): number {
    const key = isBold ? `\u0001${text}` : text;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 20_000) this.widths.clear();
      this.widths.set(key, (width = this.context.measureText(text).width));
    }
    return width;
  }
}
