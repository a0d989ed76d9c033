using Farwire.CommandLine.Explain;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm helpmsg</c>: what an error number means. <c>farwire explain</c> tells causes and fixes too.</summary>
internal static class HelpMessageVerb
{
    public static Task RunAsync(Call call)
    {
        if (call.Words is not [var number])
        {
            throw new UsageException($"helpmsg takes one number: {call.Verb.Usage}");
        }

        if (!ErrorNumber.TryParse(number, out var code))
        {
            throw new UsageException($"'{number}' is not an error number; write it in decimal, or in hexadecimal with 0x.");
        }

        call.Terminal.Output.WriteLine(ErrorText.Of(code) ?? throw new UsageException($"the error number {number} is not known."));
        return Task.CompletedTask;
    }
}
