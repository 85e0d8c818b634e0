from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_references_and_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="postal_address",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
