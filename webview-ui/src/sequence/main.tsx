/** Begins the panel that draws who called whom. */
import { render } from 'preact';
import { WhenReplaying } from '../base/empty-state.tsx';
import '../base/panel.css';
import { Replay } from '../base/replay.ts';
import { followTheme } from '../base/theme.ts';
import { SequenceModel } from './sequence-model.ts';
import { SequencePanel } from './sequence-panel.tsx';
import './sequence.css';

followTheme();
const replay = new Replay();
const model = new SequenceModel(replay);
render(
  <WhenReplaying
    title="Sequence diagram"
    replay={replay}
    invitation="Replay a recording to see which file called which, and when."
  >
    <SequencePanel model={model} />
  </WhenReplaying>,
  document.getElementById('panel')!,
);
replay.begin();
