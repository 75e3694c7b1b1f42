/** Lays out a graph in layers, with dagre: from where edges begin to where they lead. */
import { Graph, layout } from '@dagrejs/dagre';
import { textWidth, type Point } from './picture.ts';

export interface LayeredNode {
  readonly width: number;
  readonly height: number;
}

/** `from` and `to` are numbers of nodes. */
export interface LayeredEdge {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

export interface Layered {
  readonly width: number;
  readonly height: number;
  /** left upper corners, by the node's number */
  readonly nodes: readonly Point[];
  /** by the edge's number; `label` is the middle of its text */
  readonly edges: readonly { readonly points: readonly Point[]; readonly label: Point }[];
}

export type Direction = 'right' | 'down';

const MARGIN = 10;
const LABEL = { size: 11, height: 14, pad: 6 };

export function layered(nodes: readonly LayeredNode[], edges: readonly LayeredEdge[], direction: Direction): Layered {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: direction === 'right' ? 14 : 22,
    ranksep: 26,
    edgesep: 8,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  nodes.forEach(({ width, height }, id) => graph.setNode(String(id), { width, height }));
  edges.forEach(({ from, to, label }, id) => {
    const size = label === '' ? {} : { width: textWidth(label, LABEL.size) + LABEL.pad, height: LABEL.height };
    graph.setEdge(String(from), String(to), { ...size, labelpos: 'c' }, String(id));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width,
    height,
    nodes: nodes.map((node, id) => {
      const { x, y } = graph.node(String(id)) as Point;
      return { x: x - node.width / 2, y: y - node.height / 2 };
    }),
    edges: edges.map(({ from, to }, id) => {
      const found = graph.edge(String(from), String(to), String(id)) as Partial<Point> & { readonly points: Point[] };
      const { points } = found;
      const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
      return { points, label: { x: found.x ?? middle.x, y: found.y ?? middle.y } };
    }),
  };
}
