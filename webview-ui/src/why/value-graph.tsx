/** The graph of an answer, which opens and closes; the lists below it say the same. */
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { WhyGraphAnswer } from '../../../trace-runtime/src/model/why-answers.ts';
import { ExportButtons } from '../base/picture/export-buttons.tsx';
import type { Direction } from '../base/picture/layered.ts';
import { PictureView } from '../base/picture/picture-view.tsx';
import { drawGraph, graphNeighbour } from './graph-layout.ts';
import type { WhyModel } from './why-model.ts';

interface GraphProps {
  readonly model: WhyModel;
  /** what it is of */
  readonly title: string;
  /** names it for the debug adapter */
  readonly graph: string;
}

export function ValueGraph({ model, title, graph }: GraphProps) {
  const isOpen = model.showsGraph.value;
  return (
    <section class="why-graph" aria-labelledby="why-graph-heading">
      <div class="why-graph-bar">
        <h3 id="why-graph-heading">
          <button
            type="button"
            class="why-toggle"
            aria-expanded={isOpen}
            onClick={() => (model.showsGraph.value = !isOpen)}
          >
            <span class="why-twistie" aria-hidden="true">
              {isOpen ? '▾' : '▸'}
            </span>
            Graph of values
          </button>
        </h3>
        {isOpen && <Exports model={model} title={title} graph={graph} />}
      </div>
      {isOpen && <Drawn model={model} title={title} graph={graph} />}
    </section>
  );
}

function Exports({ model, title, graph }: GraphProps) {
  const loaded = model.graph(graph).value;
  if (loaded.state !== 'loaded' || loaded.answer.nodes.length === 0) return null;
  return (
    <ExportButtons
      host={model.replay.host}
      title={title}
      name="why"
      picture={() => drawGraph(loaded.answer, 'right', undefined)}
    />
  );
}

function Drawn({ model, title, graph }: GraphProps) {
  const loaded = model.graph(graph).value;
  if (loaded.state === 'failed')
    return (
      <p class="why-fault" role="alert">
        {loaded.error}
      </p>
    );
  if (loaded.state !== 'loaded')
    return (
      <div class="why-busy" role="status">
        <div class="progress" />
        <span>Following values…</span>
      </div>
    );
  return <Nodes model={model} title={title} answer={loaded.answer} />;
}

interface NodesProps {
  readonly model: WhyModel;
  readonly title: string;
  readonly answer: WhyGraphAnswer;
}

function Nodes({ model, title, answer }: NodesProps) {
  const direction = useDirection();
  const picture = useComputed(() => drawGraph(answer, direction.value, model.here.value)).value;
  return (
    <div class="picture-frame">
      <PictureView
        picture={picture}
        label={`${title}: a graph of values, from origins to what was asked about`}
        first="0"
        neighbour={(id, key) => graphNeighbour(answer, picture, direction.value, id, key)}
        act={(id) => model.goTo(answer.nodes[Number(id)]!.moment)}
      />
    </div>
  );
}

/** Sideways where there is more room there. */
function useDirection(): ReadonlySignal<Direction> {
  const direction = useSignal<Direction>(roomiest());
  useEffect(() => {
    const follow = (): void => void (direction.value = roomiest());
    window.addEventListener('resize', follow);
    return () => window.removeEventListener('resize', follow);
  }, [direction]);
  return direction;
}

function roomiest(): Direction {
  return window.innerWidth >= 560 && window.innerWidth > window.innerHeight ? 'right' : 'down';
}
