using Farwire.Security.Kerberos.Pac;
using Farwire.TestKit.Kerberos;

namespace Farwire.Security.Tests.Kerberos;

/// <summary>The groups in a domain's ticket, read from what Samba wrote.</summary>
public sealed class LogonInformationTests
{
    [Fact]
    public void User_and_groups_are_identifiers_of_the_domain()
    {
        var logon = LogonInformation.Read(SambaLogon.Bytes());

        Assert.Equal(SambaLogon.Domain, logon.Domain);
        Assert.Equal(SambaLogon.Domain + "-1102", logon.User);
        Assert.Equal(["S-1-18-1", SambaLogon.Domain + "-1103", SambaLogon.Domain + "-513"], logon.Groups.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_group_of_this_machine_is_not_the_domain_s_to_give()
    {
        var bytes = SambaLogon.Bytes();
        var at = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[1, 1, 0, 0, 0, 0, 0, 18]);
        bytes[at + 7] = 5; // S-1-5-1

        Assert.DoesNotContain(LogonInformation.Read(bytes).Groups, group => group.StartsWith("S-1-5-1", StringComparison.Ordinal) && !group.StartsWith(SambaLogon.Domain, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, false)] // not enabled
    [InlineData(7, true)]
    [InlineData(0x17, false)] // for denials alone
    public void A_group_counts_when_it_is_enabled_and_not_for_denials_alone(byte attributes, bool counts)
    {
        var bytes = SambaLogon.Bytes();
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x4F, 4, 0, 0, 7, 0, 0, 0]);
        bytes[at + 4] = attributes;

        Assert.Equal(counts, LogonInformation.Read(bytes).Groups.Contains(SambaLogon.Domain + "-1103"));
    }

    [Fact]
    public void What_is_cut_off_is_refused()
    {
        var bytes = SambaLogon.Bytes();

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Throws<SecurityTokenException>(() => LogonInformation.Read(bytes.AsSpan(0, length))));
    }

    [Theory]
    [InlineData(0x80)] // GroupCount
    [InlineData(0xD8)] // SidCount
    public void A_count_that_lies_is_refused(int at)
    {
        var bytes = SambaLogon.Bytes();
        bytes[at] = 0xFF;

        Assert.Throws<SecurityTokenException>(() => LogonInformation.Read(bytes));
    }
}
