using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Farwire.Peers.Tests.Hosting;

/// <summary>The sample web application with the service inside, as a process of its own.</summary>
internal sealed class WebApplication : IAsyncDisposable
{
    public const string User = "ann:apple";
    public const string Other = "bob:banana";

    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebApplication(string folder, string? section, string[] more)
    {
        Folder = folder;
        var file = Path.Combine(folder, "web.config");
        if (section is not null)
        {
            File.WriteAllText(file, $"<configuration><system.webServer><{Name}>{section}</{Name}></system.webServer></configuration>");
        }

        string[] words =
        [
            "--urls", "http://127.0.0.1:0", "--Users:ann", "apple", "--Users:bob", "banana", "--Logging:Console:FormatterName", "systemd", .. section is null ? Array.Empty<string>() : ["--WSManFile", file], .. more,
        ];
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "HostedInWebApp", "release", "HostedInWebApp"));
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["GATES"] = Path.GetDirectoryName(Plugins.Registration.Sample("GatePlugin"));
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public const string Name = "system.management.wsmanagement.config";

    public string Folder { get; }

    public string Diary => Path.Combine(Folder, "diary");

    /// <summary>The site.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The service in it.</summary>
    public string Service => Address + "/manage/wsman";

    public Curl Curl => new(Service, User);

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it answers. The section may name the diary as DIARY.</summary>
    public static async Task<WebApplication> StartAsync(string? section, params string[] more)
    {
        var application = Begin(section, more);
        application.Address = await application._address.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return application;
    }

    /// <summary>Starts one that does not come up; answers what it wrote, and its exit code.</summary>
    public static async Task<(string Output, int ExitCode)> FailAsync(string? section, params string[] more)
    {
        await using var application = Begin(section, more);
        await application._process.WaitForExitAsync();
        application._process.WaitForExit(); // and what it wrote
        return (application.Output, application._process.ExitCode);
    }

    public static string Modules(string authorization, params string[] plugins) =>
        $"<PluginModules>{authorization}<OperationsPlugins>{string.Concat(plugins)}</OperationsPlugins></PluginModules>";

    public static string Gate(params (string Name, string Value)[] rules) =>
        $"<AuthorizationPlugin Name=\"Gate\" Filename=\"%GATES%/GatePlugin.dll\" SDKVersion=\"1\" SupportsQuota=\"true\"><InitializationParameters>"
        + string.Concat(rules.Append(("Diary", "DIARY")).Select(rule => $"<Param Name=\"{rule.Item1}\" Value=\"{rule.Item2}\"/>"))
        + "</InitializationParameters></AuthorizationPlugin>";

    /// <summary>A registration as it stands in the section.</summary>
    public static string Plugin(string xml) => xml
        .Replace(" xmlns=\"http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration\"", "", StringComparison.Ordinal)
        .Replace("PlugInConfiguration", "Plugin", StringComparison.Ordinal);

    public async Task<string[]> DiaryAsync() => File.Exists(Diary) ? await File.ReadAllLinesAsync(Diary) : [];

    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            await Commands.RunAsync("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static WebApplication Begin(string? section, string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-web-").FullName;
        return new WebApplication(folder, section?.Replace("DIARY", Path.Combine(folder, "diary"), StringComparison.Ordinal), more);
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        const string listening = "Now listening on: ";
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException($"the application ended: {Output}"));
        }
        else if (line.IndexOf(listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _address.TrySetResult(line[(at + listening.Length)..].Trim());
        }
    }
}
