const os = require('node:os');
exports.greet = (who) => `${who} ${os.EOL.length === 1 ? 'from a Unix' : 'from Windows'}`;
