/** Begins the panel that shows what runs. */
import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import '../base/panel.css';
import { followTheme } from '../base/theme.ts';
import { OperationsModel } from './operations-model.ts';
import { OperationsPanel } from './operations-panel.tsx';
import './operations.css';

followTheme();
const model = new OperationsModel();
render(<OperationsPanel model={model} />, document.getElementById('panel')!);
model.begin();
