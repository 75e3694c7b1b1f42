globalThis.countedLoads = (globalThis.countedLoads ?? 0) + 1;
module.exports = { load: globalThis.countedLoads };
