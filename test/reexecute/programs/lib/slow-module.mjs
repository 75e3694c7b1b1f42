import { setTimeout as sleep } from 'node:timers/promises';

export let counter = 0;
export const increase = () => ++counter;
console.log('slow module starts');
export const ready = await sleep(5, 'ready');
counter = Date.now() % 2 === 0 ? 10 : 11;
console.log('slow module is', ready);
