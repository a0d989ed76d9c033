using Farwire.Source.Mapping;

namespace Farwire.Source.Tests.Mapping;

/// <summary>Rules say what an entry becomes; what is no rule is refused with its line.</summary>
public sealed class EventRulesTests
{
    [Theory]
    [InlineData("Linux-Kernel", 0, "_TRANSPORT", "kernel", "SYSLOG_FACILITY", "4")]
    [InlineData("Linux-Auth", 0, "SYSLOG_FACILITY", "10")]
    [InlineData("Linux-Audit", 1112, "_TRANSPORT", "audit", "_AUDIT_TYPE", "1112", "MESSAGE", "USER_LOGIN pid=1 res=success")]
    [InlineData("Linux-Audit", 0, "SYSLOG_IDENTIFIER", "audispd", "MESSAGE", "node=web1 type=USER_LOGIN msg=audit(1767945600.123:77): pid=1 res=failed")]
    [InlineData("Linux-Auth", 4624, "SYSLOG_FACILITY", "10", "SYSLOG_IDENTIFIER", "sshd", "MESSAGE", "Accepted publickey for alice from 192.0.2.7 port 51514 ssh2")]
    [InlineData("Linux-Journal", 62233, "MESSAGE_ID", "d9b373ed55a64feb8242e02dbe79a49c")]
    [InlineData("Linux-Journal", 62233, "MESSAGE_ID", "D9B373ED55A64FEB8242E02DBE79A49C")]
    [InlineData("Linux-Journal", 0, "MESSAGE", "anything")]
    public void The_built_in_rules_know_what_Linux_logs(string channel, int eventId, params string[] fields)
    {
        var log = Log(fields);

        var kind = EventRules.Default.KindOf(log);

        Assert.Equal((channel, eventId), (kind.Channel, kind.EventId));
        Assert.Equal(channel, EventRules.Default.ChannelOf(log));
    }

    [Theory]
    [InlineData("USER_LOGIN pid=1 res=success", EventKind.AuditSuccess)]
    [InlineData("USER_AUTH pid=1 msg='op=PAM acct=\"x\" res=failed'", EventKind.AuditFailure)]
    [InlineData("SYSCALL arch=c000003e success=yes", 0UL)]
    public void Audit_records_say_whether_it_was_granted(string message, ulong bit) =>
        Assert.Equal(EventKind.Classic | bit, EventRules.Default.KindOf(Log("_TRANSPORT", "audit", "MESSAGE", message)).Keywords);

    [Fact]
    public void A_rule_of_the_user_comes_first_and_what_it_leaves_open_the_built_in_rules_say()
    {
        var rules = EventRuleFile.Read("""
            rules:
              - when: {SYSLOG_IDENTIFIER: [nginx, apache2]}
                matches: {MESSAGE: '^(?<Client>\S+) - (?<Status>\d+)'}
                eventId: $STATUS
                level: 2
                provider: Web
            """);

        var kind = rules.KindOf(Log("SYSLOG_IDENTIFIER", "nginx", "MESSAGE", "192.0.2.1 - 503 x", "STATUS", "503", "SYSLOG_FACILITY", "4"));

        Assert.Equal(("Linux-Auth", 503, 2, "Web"), (kind.Channel, kind.EventId, kind.Level!.Value, kind.Provider!));
        Assert.Equal([new("Client", "192.0.2.1"), new("Status", "503")], kind.Data);
        Assert.Equal(rules.Channels, EventRuleFile.Parse(rules.Text).Channels);
    }

    [Theory]
    [InlineData("rules:\n- chanel: X", 2, "'chanel' is none of")]
    [InlineData("rules:\n- channel: 'a<b'", 2, "letters, digits")]
    [InlineData("rules:\n- eventId: 70000", 2, "from 0 to 65535")]
    [InlineData("rules:\n- level: 9", 2, "from 0 to 5")]
    [InlineData("rules:\n- keywords: loud", 2, "classic, audit-success")]
    [InlineData("rules:\n- matches: {MESSAGE: '('}", 2, "pattern")]
    [InlineData("rules:\n- matches: {MESSAGE: '(a)\\1'}", 2, "pattern")]
    [InlineData("aliases: {Security: [Linux-Nothing]}", 0, "'Linux-Nothing'")]
    [InlineData("aliases: {Linux-Auth: [Linux-Kernel]}", 0, "is a channel of a rule")]
    [InlineData("channels: {Nowhere: {security: 'D:(A;;GR;;;WD)'}}", 0, "no channel 'Nowhere'")]
    [InlineData("rule: []", 1, "'rule' is none of")]
    [InlineData("rules: [", 2, "")]
    public void What_is_no_rule_is_refused_with_its_line(string text, long line, string reason)
    {
        var wrong = Assert.Throws<EventRuleException>(() => EventRuleFile.Read(text));

        Assert.Equal(line, wrong.Line);
        Assert.Contains(reason, wrong.Message);
    }

    private static LogFields Log(params string[] fields)
    {
        var log = new LogFields { Received = DateTimeOffset.UnixEpoch };
        for (var i = 0; i < fields.Length; i += 2)
        {
            log.Add(fields[i], fields[i + 1]);
        }

        return log;
    }
}
