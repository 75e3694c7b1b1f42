// EventEmitter, EventTarget, once and on, captured rejections, errors as events.
import { EventEmitter, on, once, captureRejectionSymbol, getEventListeners, errorMonitor } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

class Thermometer extends EventEmitter {
  constructor() {
    super({ captureRejections: true });
  }
  measure(values) {
    let i = 0;
    const timer = setInterval(() => {
      if (i === values.length) {
        clearInterval(timer);
        return this.emit('end', i);
      }
      this.emit('value', values[i++], Date.now());
    }, 1);
  }
  [captureRejectionSymbol](error, event) {
    console.log('captured', error.message, 'of', event);
  }
}

const thermometer = new Thermometer();
thermometer.on('newListener', (name) => name !== 'newListener' && console.log('listener for', name));
thermometer.on('value', async (value) => {
  if (value > 30) throw new Error(`too hot: ${value}`);
});
thermometer.prependOnceListener('value', (value) => console.log('first', value));
thermometer.on(errorMonitor, (error) => console.log('monitored', error.message));

const abort = new AbortController();
thermometer.once('end', () => abort.abort());
const values = [];
const following = (async () => {
  for await (const [value, time] of on(thermometer, 'value', { signal: abort.signal })) values.push([value, time > 0]);
})().catch((error) => console.log('followed until', error.name));
thermometer.measure([20, 25, 31, 19, 40]);
const [count] = await once(thermometer, 'end');
await following;
console.log(count, values.map(([value]) => value).join(','));

const failing = once(thermometer, 'never');
thermometer.emit('error', new Error('broken'));
await failing.catch((error) => console.log('once failed', error.message));
try {
  thermometer.emit('error', 'just text');
} catch (error) {
  console.log(error.code);
}

class Door extends EventTarget {
  open = false;
  toggle(by) {
    this.open = !this.open;
    return this.dispatchEvent(new CustomEvent('toggle', { detail: { by, open: this.open }, cancelable: true }));
  }
}
const door = new Door();
door.addEventListener('toggle', { handleEvent: (event) => event.detail.by === 'cat' && event.preventDefault() });
door.addEventListener('toggle', ({ detail }) => console.log(detail.by, detail.open), { once: true });
console.log(door.toggle('ann'), door.toggle('cat'), getEventListeners(door, 'toggle').length);
setTimeout(() => door.toggle('wind'), 2);
const [event] = await once(door, 'toggle');
console.log(event.detail, event.type, await sleep(1, thermometer.listenerCount('value')));
