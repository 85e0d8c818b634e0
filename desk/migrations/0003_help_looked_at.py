"""Since when somebody of R&D works on a help request, which is not when its investigation was opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_work_by_moment")]

    operations = [
        migrations.AddField(
            model_name="helprequest",
            name="looked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
