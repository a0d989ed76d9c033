using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Farwire.CommandLine.WinRm;

/// <summary>The firewall that is active on this machine, and how it opens a port.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Commands">What opens the port, one command line each.</param>
/// <param name="Advice">What else is to be done so that it stays open; empty when nothing is.</param>
internal sealed record Firewall(string Name, IReadOnlyList<string[]> Commands, string Advice = "")
{
    /// <summary>The rule that is missing for <paramref name="port"/>, or null when nothing stands in its way.</summary>
    /// <remarks>firewalld and ufw write rules of nftables themselves: who of them is active is asked first.</remarks>
    public static async Task<Firewall?> MissingRuleAsync(int port, CancellationToken cancellationToken)
    {
        var rule = $"{port.ToString(CultureInfo.InvariantCulture)}/tcp";
        if (await RunAsync(["firewall-cmd", "--state"], cancellationToken).ConfigureAwait(false) is (0, _))
        {
            return await RunAsync(["firewall-cmd", $"--query-port={rule}"], cancellationToken).ConfigureAwait(false) is (0, _)
                ? null
                : new Firewall("firewalld", [["firewall-cmd", "--permanent", $"--add-port={rule}"], ["firewall-cmd", $"--add-port={rule}"]]);
        }

        if (await RunAsync(["ufw", "status"], cancellationToken).ConfigureAwait(false) is (0, var status) && status.Contains("Status: active", StringComparison.Ordinal))
        {
            return status.Contains(rule, StringComparison.Ordinal) ? null : new Firewall("ufw", [["ufw", "allow", rule]]);
        }

        return await RunAsync(["nft", "--json", "list", "ruleset"], cancellationToken).ConfigureAwait(false) is (0, var rules) ? NftRules.MissingRule(rules, port) : null;
    }

    /// <summary>Runs a program; null when it is not there.</summary>
    public static async Task<(int Code, string Output)?> RunAsync(string[] words, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, output + await errors.ConfigureAwait(false));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
