const [how] = process.argv.slice(2);
let rounds = 0;
console.log('waiting', how);
if (how === 'politely') process.on('SIGTERM', () => { console.log('bye'); process.exit(7); });
setInterval(() => rounds++, 20);
process.on('message', (text) => process.send(`heard ${text}`));
process.on('disconnect', () => {});
