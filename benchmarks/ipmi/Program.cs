using Farwire.Benchmarks.Ipmi;

// How long it takes from opening a session to the last reading, beside ipmitool and ipmi-sensors as processes; and what polling many controllers costs.
//   benchmarks/ipmi.sh [sensors] [poll [COUNT [SECONDS]]]
// `controllers COUNT` is the other side of poll: a process of COUNT small controllers of our own, so that their work is not counted as ours.
switch (args)
{
    case ["controllers", var count]:
        await SmallControllers.RunAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["sensors"]:
        await SensorTimes.RunAsync();
        break;
    case ["poll", .. var rest]:
        await PollMany.RunAsync(Number(rest, 0, 1000), Number(rest, 1, 60));
        break;
    default:
        await SensorTimes.RunAsync();
        await PollMany.RunAsync(1000, 60);
        break;
}

static int Number(string[] words, int index, int otherwise) =>
    index < words.Length ? int.Parse(words[index], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
