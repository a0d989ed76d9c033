using System.Xml;
using System.Xml.Xsl;
using Farwire.Client.Automation;

namespace Farwire.Samples.Scripting;

/// <summary>What Windows Script Host and MSXML are to a script; and what is different on every computer.</summary>
internal sealed class ScriptHost
{
    private readonly string? _pin = Environment.GetEnvironmentVariable("FARWIRE_PIN");
    private readonly TextWriter _output = Console.Out;
    private readonly Lazy<XslCompiledTransform> _text = new(() =>
    {
        var transform = new XslCompiledTransform();
        transform.Load(Path.Combine(AppContext.BaseDirectory, "WsmTxt.xsl"));
        return transform;
    });

    /// <summary>servername.domain.com of the pages.</summary>
    public string RemoteComputer { get; } = Setting("FARWIRE_REMOTE", "localhost:5986");

    public string UserName { get; } = Setting("FARWIRE_USER", "");

    /// <summary>User and password of the proxy.</summary>
    public (string UserName, string Password) Proxy { get; } = (Setting("FARWIRE_PROXY_USER", ""), Setting("FARWIRE_PROXY_PASSWORD", ""));

    public string Password { get; } = Setting("FARWIRE_PASSWORD", "");

    /// <summary>A service that every Linux with systemd has; Spooler and Winmgmt of the pages.</summary>
    public string Service { get; } = Setting("FARWIRE_SAMPLE_SERVICE", "systemd-journald");

    /// <summary>A service that may be stopped and started; w32time of the pages.</summary>
    public string StoppableService { get; } = Setting("FARWIRE_SAMPLE_STOPPABLE", "systemd-timesyncd");

    /// <summary>CreateObject("WSMan.Automation").</summary>
    public WSMan CreateObject() => new() { Settings = new AutomationSettings { CertificateSha256 = _pin } };

    /// <summary>A session with the remote computer. In a domain a script needs no credentials; where FARWIRE_USER is set, these are used.</summary>
    public Session CreateRemoteSession(WSMan wsman)
    {
        if (UserName.Length == 0)
        {
            return wsman.CreateSession("https://" + RemoteComputer);
        }

        var options = wsman.CreateConnectionOptions();
        options.UserName = UserName;
        options.Password = Password;
        return wsman.CreateSession("https://" + RemoteComputer, wsman.SessionFlagCredUsernamePassword(), options);
    }

    /// <summary>WScript.Echo.</summary>
    public void Echo(string text) => _output.WriteLine(text);

    /// <summary>The subroutine of most pages: shows an answer as the command winrm does.</summary>
    public void DisplayOutput(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml));
        using var text = new StringWriter();
        _text.Value.Transform(reader, null, text);
        Echo(text.ToString());
    }

    /// <summary>The subroutine of some pages: what the script's Err object holds.</summary>
    public void DisplayErrorInfo(Exception error)
    {
        Echo("An error has occurred.");
        Echo("Error Info");
        Echo("-----------");
        Echo($"Number      : 0x{error.HResult:X}");
        Echo($"Description : {error.Message}");
        Echo($"Source      : {error.Source}");
        Echo($"HelpFile    : {error.HelpLink}");
    }

    private static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
}
