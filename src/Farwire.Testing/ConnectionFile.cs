using System.Text.Json;

namespace Farwire.Testing;

/// <summary>connection.json: how to connect to an ephemeral service.</summary>
internal static class ConnectionFile
{
    // Written aside and renamed: whoever finds the file finds all of it. Only its owner may read the password.
    public static void Write(string path, EphemeralService service)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("http", service.Http.ToString());
            json.WriteString("https", service.Https.ToString());
            if (service.Page is { } page)
            {
                json.WriteString("page", page.ToString());
            }

            json.WriteString("user", service.User);
            json.WriteString("password", service.Password);
            json.WriteString("certificateSha256", service.CertificateSha256);
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteEndObject();
        }

        File.Move(temporary, path, overwrite: true);
    }
}
