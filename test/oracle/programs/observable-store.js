'use strict';
// A store with reducers, middleware and memoised selectors: closures over closures, immutable updates.
const createStore = (reducer, initial, ...middleware) => {
  let state = initial;
  let dispatching = false;
  const listeners = new Set();
  const base = (action) => {
    if (dispatching) throw new Error('reducers may not dispatch');
    try {
      dispatching = true;
      state = reducer(state, action);
    } finally {
      dispatching = false;
    }
    listeners.forEach((listener) => listener(state, action));
    return action;
  };
  const api = {
    getState: () => state,
    dispatch: (action) => dispatch(action),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const dispatch = middleware.reduceRight((next, layer) => layer(api)(next), base);
  return api;
};
const todos = (list = [], { type, ...action }) => {
  switch (type) {
    case 'add':
      return [...list, { id: list.length + 1, text: action.text, done: false }];
    case 'toggle':
      return list.map((item) => (item.id === action.id ? { ...item, done: !item.done } : item));
    case 'clear':
      return list.filter((item) => !item.done);
    default:
      return list;
  }
};
const combine = (reducers) => (state = {}, action) =>
  Object.keys(reducers).reduce((next, key) => {
    const value = reducers[key](state[key], action);
    return value === state[key] ? next : { ...next, [key]: value };
  }, state);
const select = (pick, compute) => {
  let lastInput;
  let lastOutput;
  const selector = (state) => {
    const input = pick(state);
    if (input === lastInput) return lastOutput;
    selector.runs += 1;
    lastInput = input;
    return (lastOutput = compute(input));
  };
  selector.runs = 0;
  return selector;
};
const log = [];
const logger = ({ getState }) => (next) => (action) => {
  const before = getState();
  const result = next(action);
  log.push([action.type, before === getState()]);
  return result;
};
const thunk = (api) => (next) => (action) => (typeof action === 'function' ? action(api) : next(action));
const count = (n = 0, { type }) => (type === 'count' ? n + 1 : n);
const store = createStore(combine({ todos, count }), { todos: [] }, thunk, logger);
const open = select((state) => state.todos, (list) => list.filter(({ done }) => !done).map(({ text }) => text));
const seen = [];
const stop = store.subscribe((state, { type }) => seen.push(`${type}:${open(state).length}`));
store.dispatch({ type: 'add', text: 'write' });
store.dispatch({ type: 'add', text: 'test' });
store.dispatch(({ dispatch, getState }) => {
  for (const { id } of getState().todos) if (id % 2) dispatch({ type: 'toggle', id });
});
store.dispatch({ type: 'count' });
stop();
store.dispatch({ type: 'clear' });
console.log(store.getState(), seen, log, open(store.getState()), open.runs);
