/** Begins the calls panel. */
import { render } from 'preact';
import { WhenReplaying } from '../base/empty-state.tsx';
import '../base/panel.css';
import { Replay } from '../base/replay.ts';
import { followTheme } from '../base/theme.ts';
import { CallsModel } from './calls-model.ts';
import { CallsPanel } from './calls-panel.tsx';
import './calls.css';

followTheme();
const replay = new Replay();
const model = new CallsModel(replay);
render(
  <WhenReplaying
    title="Calls"
    replay={replay}
    shows="its calls are shown here, with what they were given and what they gave."
  >
    <CallsPanel model={model} />
  </WhenReplaying>,
  document.getElementById('panel')!,
);
replay.begin();
