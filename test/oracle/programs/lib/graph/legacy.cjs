exports.calls = 0;
exports.nested = { deep: { list: [] } };
exports.helper = function helper(x) {
  exports.calls++;
  const { helper: again } = require('./legacy.cjs');
  return [x, again === helper, module.exports === exports, module.id.endsWith('legacy.cjs')].join();
};
Object.defineProperty(exports, 'lazy', {
  enumerable: true,
  get() {
    return (exports.calls += 10);
  },
});
