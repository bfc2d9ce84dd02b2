"""Ships and trains that leave on their days: the days of a journey, minute by minute."""
