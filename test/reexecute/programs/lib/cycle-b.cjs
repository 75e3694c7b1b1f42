const a = require('./cycle-a.cjs');
exports.name = 'b';
exports.sawOfA = `${a.name} ${a.complete}`;
exports.nameOfA = () => `${a.name} ${a.complete}`;
