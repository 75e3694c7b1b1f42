/** Begins the panel that says why it failed. */
import { render } from 'preact';
import { WhenReplaying } from '../base/empty-state.tsx';
import '../base/panel.css';
import { Replay } from '../base/replay.ts';
import { followTheme } from '../base/theme.ts';
import { WhyModel } from './why-model.ts';
import { WhyPanel } from './why-panel.tsx';
import './why.css';

followTheme();
const replay = new Replay();
const model = new WhyModel(replay);
render(
  <WhenReplaying title="Why it failed" replay={replay} invitation="Replay a recording to see why it failed.">
    <WhyPanel model={model} />
  </WhenReplaying>,
  document.getElementById('panel')!,
);
replay.begin();
