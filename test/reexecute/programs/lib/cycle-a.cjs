exports.name = 'a';
const b = require('./cycle-b.cjs');
exports.sawOfB = Object.keys(b).join();
exports.later = () => `${exports.name}${b.name}${b.nameOfA()}`;
exports.complete = true;
