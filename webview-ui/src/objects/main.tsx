/** Begins the panel that draws an object over time. */
import { render } from 'preact';
import { WhenReplaying } from '../base/empty-state.tsx';
import '../base/panel.css';
import { Replay } from '../base/replay.ts';
import { followTheme } from '../base/theme.ts';
import { ObjectsModel } from './objects-model.ts';
import { ObjectsPanel } from './objects-panel.tsx';
import './objects.css';

followTheme();
const replay = new Replay();
const model = new ObjectsModel(replay);
render(
  <WhenReplaying
    title="Object graph"
    replay={replay}
    invitation="Replay a recording to see what its objects hold, and how they change."
  >
    <ObjectsPanel model={model} />
  </WhenReplaying>,
  document.getElementById('panel')!,
);
replay.begin();
