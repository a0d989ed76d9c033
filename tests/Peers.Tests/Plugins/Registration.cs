namespace Farwire.Peers.Tests.Plugins;

/// <summary>Registrations of the samples, as an administrator writes them.</summary>
internal static class Registration
{
    public const string Notes = "http://schemas.example.com/notebook";
    public const string Echo = "http://schemas.example.com/echo";
    public const string All = "<Capability Type=\"Get\"/><Capability Type=\"Put\"/><Capability Type=\"Create\"/><Capability Type=\"Delete\"/><Capability Type=\"Invoke\"/><Capability Type=\"Enumerate\"/>";

    /// <summary>The built sample, as a build of it lies beside the tests' own.</summary>
    public static string Sample(string name) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, "release", name + ".dll"));

    public static string Notebook(string name = "Notebook", string resource = $"<Resource ResourceUri=\"{Notes}\">{All}</Resource>", string attributes = "", string more = "", string? file = null) =>
        Xml(name, file ?? Sample("NotebookPlugin"), attributes, resource, more);

    public static string EchoShell(string attributes = "", string more = "", string name = "Echo") =>
        Xml(name, Sample("EchoShellPlugin"), attributes, $"<Resource ResourceUri=\"{Echo}\"><Capability Type=\"Shell\"/></Resource>", more);

    public static string Xml(string name, string file, string attributes, string resources, string more = "") =>
        $"<PlugInConfiguration xmlns=\"http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration\" Name=\"{name}\" Filename=\"{file}\" SDKVersion=\"1\" XmlRenderingType=\"text\" {attributes}>"
        + $"<Resources>{resources}</Resources>{more}</PlugInConfiguration>";

    /// <summary>A configuration file with registrations in it.</summary>
    public static string Yaml(params string[] registrations) => "Plugin:\n" + string.Concat(registrations.Select(xml => $"  - '{xml.Replace("'", "''", StringComparison.Ordinal)}'\n"));
}
