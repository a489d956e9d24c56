"""What a terminal shows: findings with their lines, a calculation step by step, a profile with its sources.

A result, a profile or findings enter; lines of text leave, nothing is printed here.
"""
