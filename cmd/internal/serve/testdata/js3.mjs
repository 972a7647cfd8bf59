// Sends with the AWS SDK for JavaScript, version 3: a number of mails at a rate, whatever becomes
// of them, with the SDK's own retries. Prints what became of each, and by how much the SDK's clock
// is off.
import { createRequire } from "node:module";

const task = JSON.parse(process.argv[2]);
const require = createRequire(task.modules + "/");
const { SESv2Client, SendEmailCommand } = require("@aws-sdk/client-sesv2");

const client = new SESv2Client({ region: "us-east-1", endpoint: task.endpoint, credentials: { accessKeyId: "big", secretAccessKey: task.secret } });
const dates = [];
client.middlewareStack.add((next) => (args) => {
  dates.push(args.request.headers["x-amz-date"]);
  return next(args);
}, { step: "finalizeRequest", priority: "low" });

const send = async (i) => {
  try {
    const sent = await client.send(new SendEmailCommand({
      FromEmailAddress: "a@big.example", Destination: { ToAddresses: [`people-${i + 1}@people.example`] },
      Content: { Simple: { Subject: { Data: "Hi" }, Body: { Text: { Data: "text" } } } },
    }));
    return { id: sent.MessageId, attempts: sent.$metadata.attempts };
  } catch (problem) {
    return { error: `${problem.name}: ${problem.message}`, attempts: problem.$metadata?.attempts ?? 0 };
  }
};

const sent = [], began = performance.now();
for (let i = 0; i < task.mails; i++) {
  const due = began + i * 1000 / task.rate;
  if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  sent.push(send(i));
  if (!task.open) await sent[i];
}
console.log(JSON.stringify({ sent: await Promise.all(sent), dates, offset: client.config.systemClockOffset }));
