/** Begins the timeline. */
import { render } from 'preact';
import { WhenReplaying } from '../base/empty-state.tsx';
import '../base/panel.css';
import { Replay } from '../base/replay.ts';
import { followTheme } from '../base/theme.ts';
import { TimelineModel } from './timeline-model.ts';
import { TimelinePanel } from './timeline-panel.tsx';
import './timeline.css';

followTheme();
const replay = new Replay();
const model = new TimelineModel(replay);
render(
  <WhenReplaying
    title="Timeline"
    replay={replay}
    shows="the timeline shows the whole run, and where the debugger stands in it."
  >
    <TimelinePanel model={model} />
  </WhenReplaying>,
  document.getElementById('panel')!,
);
replay.begin();
